"""A company searches its own cases, on the page that lists them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.casework.indexing import index
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.search.conftest import CLERK, GREEN, OTHER_CLERK, TIDE, stage

__all__ = ["stage"]


@pytest.fixture
def case(stage: Stage) -> Case:
    made = stage.submit(stage.request(GREEN, CLERK, "门口道路积水", "下雨就积水，叉车出不去。"), CLERK)
    index([made.pk])
    return made


def _client(stage: Stage, login: str) -> Client:
    client = Client()
    client.force_login(stage.cast.user(login))
    return client


def _numbers(client: Client, text: str) -> list[str]:
    page = client.get("/my/cases", {"q": text}).content.decode()
    return re.findall(r'href="/my/cases/(QT[^"/]+)"', page)


def test_a_company_finds_its_own_case_with_the_words_marked(stage: Stage, case: Case) -> None:
    client = _client(stage, CLERK)
    assert _numbers(client, "叉车") == [case.number]
    assert "<mark>叉车</mark>出不去" in client.get("/my/cases", {"q": "叉车"}).content.decode()


def test_it_finds_nothing_of_another_company(stage: Stage, case: Case) -> None:
    other = _client(stage, OTHER_CLERK)
    mine = stage.submit(stage.request(TIDE, OTHER_CLERK, "招工", "缺叉车司机"), OTHER_CLERK)
    index([mine.pk])
    assert _numbers(other, "叉车") == [mine.number]
    assert _numbers(other, str(case.number)) == []


def test_an_exact_number_opens_the_case(stage: Stage, case: Case) -> None:
    answer = _client(stage, CLERK).get("/my/cases", {"q": str(case.number).lower()})
    assert (answer.status_code, answer["Location"]) == (302, f"/my/cases/{case.number}")


@pytest.mark.parametrize(("text", "status", "said"), [("长" * 300, 422, "200"), ("-", 200, "没有找到")])
def test_what_cannot_be_searched_is_said(stage: Stage, text: str, status: int, said: str) -> None:
    answer = _client(stage, CLERK).get("/my/cases", {"q": text})
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_the_page_asks_at_most_twelve_times(stage: Stage, case: Case) -> None:
    client = _client(stage, CLERK)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/my/cases", {"q": "积水"}).status_code == 200
    assert len(asked) <= 12
