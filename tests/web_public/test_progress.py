from __future__ import annotations

import pytest
from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.web.public.progress import tidy

GREEN, LIN = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)


def test_a_number_tells_stage_and_dates_and_nothing_else(client: Client, case: Case) -> None:
    answer = client.get(f"/p/{case.number}")
    page = answer.content.decode()
    assert "已提交，待受理" in page
    assert "（周" in page
    for secret in (
        case.enterprise.name,
        case.enterprise.uscc,
        "林小雨",
        case.title,
        "营业执照",
        "王芳",
        "李强",
    ):
        assert secret not in page
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in answer["Cache-Control"]


def test_a_number_typed_as_people_type_it_is_found(client: Client, case: Case) -> None:
    typed = str(case.number).lower().replace("-", " ")
    assert client.get("/progress", {"number": f" {typed} "})["Location"] == f"/p/{case.number}"


def test_a_draft_cannot_be_asked_about(client: Client, stage: Stage) -> None:
    draft = stage.apply(GREEN, "business_licence", LIN)
    assert client.get(f"/p/{draft.pk}").status_code == 404


def test_an_unknown_number_gets_a_friendly_page(client: Client, stage: Stage) -> None:
    answer = client.get("/p/QT26-AAAA-BBBB")
    assert answer.status_code == 404
    assert "没有这个编号" in answer.content.decode()


def test_an_empty_number_is_said_at_the_field(client: Client, db: None) -> None:
    answer = client.get("/progress?number=")
    assert answer.status_code == 422
    assert '<a href="#number">请填写办件编号。</a>' in answer.content.decode()
    assert client.get("/progress").status_code == 200


@pytest.mark.parametrize("typed", ["qt267k3mx2pq", "QT26 7K3M X2PQ", "QT26—7K3M—X2PQ", "QT26-7K3M-X2PQ"])
def test_a_number_is_tidied(typed: str) -> None:
    assert tidy(typed) == "QT26-7K3M-X2PQ"


@pytest.mark.parametrize("typed", ["", "hello", "QT26", "＜script＞"])
def test_what_is_no_number_stays_harmless(typed: str) -> None:
    assert set(tidy(typed)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
