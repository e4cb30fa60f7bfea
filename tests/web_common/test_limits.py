"""Which pages may be asked how often, by whom, and what is answered then."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from qitong.accounts.logic.allowances import parse
from qitong.accounts.models import User

ONCE = ",".join(
    f"{name}=1/1m" for name in ("login", "code", "register", "lookup", "feed", "upload", "search")
)


@pytest.fixture(autouse=True)
def whole_server(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = "qitong.server.urls"
    settings.ALLOWANCES = parse(ONCE)


@pytest.mark.parametrize(
    "address",
    [
        "/p/QT26-7K3M-X2PQ",
        "/items?q=执照",
        "/calendar/none.ics",
        "/calendar/desk/none.ics",
        "/wall/none",
        "/login/oidc/back",
    ],
)
def test_asked_too_often_it_says_when_to_come_again(client: Client, address: str) -> None:
    assert client.get(address).status_code != 429
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "操作太频繁，请60秒后再试。" in answer.content.decode()
    assert answer["Content-Security-Policy"]


def test_leafing_without_a_question_is_free(client: Client) -> None:
    assert {client.get("/items").status_code for _ in range(3)} != {429}


def test_who_tries_to_sign_in_too_often_is_not_led_to_send_a_form_without_its_password(
    client: Client,
) -> None:
    typed = {"login": "13800000001", "password": "secret-word", "way": "password"}
    assert client.post("/login", typed).status_code == 422
    answer = client.post("/login", typed)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert '<a href="/login">回到原来的页面</a>' in page
    assert 'name="login"' not in page
    assert "secret-word" not in page


def test_what_was_typed_waits_to_be_sent_again(client: Client) -> None:
    typed = {"uscc": "91110000600037341L", "name": "芦荡食品"}
    client.post("/register", typed)
    page = client.post("/register", typed).content.decode()
    assert '<input type="hidden" name="name" value="芦荡食品">' in page


def test_codes_are_counted_apart_from_passwords(client: Client) -> None:
    assert client.post("/login", {"login": "13800000001", "way": "code"}).status_code != 429
    assert client.post("/login", {"login": "13800000002", "way": "code"}).status_code == 429
    assert client.post("/login", {"login": "13800000002", "password": "x"}).status_code == 422


def test_looking_at_the_form_is_not_trying(client: Client) -> None:
    assert {client.get("/login").status_code for _ in range(3)} == {200}


def test_uploads_are_counted_by_person_wherever_they_go(client: Client, boss: User, officer: User) -> None:
    def brought() -> int:
        file = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF")
        return client.post("/my/drafts/1/materials/a", {"deed": "upload", "file": file}).status_code

    client.force_login(boss)
    assert [brought(), brought()] == [404, 429]
    client.force_login(officer)
    assert brought() != 429


def test_a_script_is_answered_in_its_own_words(client: Client, officer: User) -> None:
    client.force_login(officer)
    asked = "/desk/search.json?q=a"
    client.get(asked)
    answer = client.get(asked, headers={"accept": "application/json"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.json() == {"error": "操作太频繁，请60秒后再试。"}


def test_who_claims_another_address_is_counted_by_the_true_one(client: Client, settings: Settings) -> None:
    def look(claimed: str) -> int:
        return client.get("/p/QT26-7K3M-X2PQ", headers={"x-forwarded-for": claimed}).status_code

    assert [look("192.0.2.1"), look("192.0.2.2")] == [404, 429], "no proxy: the header is not believed"
    settings.PROXIES = 1
    assert [look("192.0.2.1"), look("192.0.2.2"), look("192.0.2.9, 192.0.2.1")] == [404, 404, 429]
