"""What was answered to somebody known is kept nowhere; what is everybody's may be."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from qitong.accounts.models import User
from qitong.server.static import KEPT, version

PRIVATE = "private, no-store"


@pytest.fixture(autouse=True)
def whole_server(settings: Settings) -> None:
    settings.ROOT_URLCONF = "qitong.server.urls"


@pytest.mark.parametrize("address", ["/my", "/my/cases", "/messages", "/", "/nowhere", "/my/cases/QT26-AAAA"])
def test_what_a_company_reads_is_kept_nowhere(client: Client, boss: User, address: str) -> None:
    client.force_login(boss)
    assert client.get(address)["Cache-Control"] == PRIVATE


def test_nor_what_an_officer_reads(client: Client, officer: User) -> None:
    client.force_login(officer)
    for address in ("/desk", "/desk/tasks", "/desk/cases/QT26-AAAA", "/messages"):
        said = client.get(address)["Cache-Control"]
        assert "private" in said, address
        assert "no-store" in said, address


def test_nor_an_answer_to_a_token(client: Client, db: None) -> None:
    asked = {"authorization": "Bearer qt_nobody"}
    assert client.get("/api/v1/cases", headers=asked)["Cache-Control"] == PRIVATE


@pytest.mark.parametrize("address", ["/", "/nowhere", "/api/v1/items", "/offline"])
def test_what_is_everybodys_says_nothing(client: Client, db: None, address: str) -> None:
    assert "Cache-Control" not in client.get(address).headers


def test_what_says_how_it_is_kept_has_the_last_word(client: Client, boss: User) -> None:
    client.force_login(boss)
    assert "must-revalidate" in client.get("/account")["Cache-Control"]
    style = client.get(f"/static/qitong.css?v={version('qitong.css')}")
    style.close()
    assert style["Cache-Control"] == KEPT


def test_a_companys_page_is_still_marked_for_its_device(client: Client, boss: User) -> None:
    client.force_login(boss)
    assert "Qitong-Reader" in client.get("/my").headers
