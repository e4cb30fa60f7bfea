from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings

from qitong.accounts.allowances import TooOften
from qitong.accounts.models import User
from qitong.web.common import failures

PAGES = [
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "409.html",
    "429.html",
    "500.html",
    "503.html",
]


@pytest.fixture(autouse=True)
def whole_server(settings: Settings, only_the_surfaces: None) -> None:
    settings.ROOT_URLCONF = "qitong.server.urls"


@pytest.mark.parametrize("name", PAGES)
def test_each_failure_has_a_page_with_a_title_a_heading_and_a_way_on(name: str) -> None:
    page = render_to_string(name)
    heading = re.search(r"<h1>(.+?)</h1>", page)
    assert heading
    assert f"<title>{heading[1]}｜企通</title>" in page
    assert '<main class="wrap" id="main"' in page
    assert 'class="skip"' in page
    assert 'class="button primary"' in page


@pytest.mark.parametrize(("error", "status"), [(OperationalError, 503), (ValueError, 500)])
def test_a_crash_is_told_from_a_database_that_is_away(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    def crash(*_: object) -> None:
        raise error

    monkeypatch.setattr("qitong.web.common.views.render", crash)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_refusal_nobody_caught_is_told_and_no_crash(client: Client, boss: User) -> None:
    client.force_login(boss)
    answer = client.get("/my/projects/new")  # nothing is published yet
    assert answer.status_code == 409
    assert "事项目录尚未发布" in answer.content.decode()


def test_too_often_says_when_to_come_back(rf: RequestFactory) -> None:
    answer = failures.too_often(_visit(rf), TooOften(91))
    assert (answer.status_code, answer["Retry-After"]) == (429, "91")
    assert "请2分钟后再试。" in answer.content.decode()


def test_a_form_whose_token_is_out_of_date_comes_back_with_what_was_typed(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"login": "<b>13800000001", "password": "secret-word", "csrfmiddlewaretoken": "old"}
    answer = client.post("/login", typed, headers={"origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<input type="hidden" name="login" value="&lt;b&gt;13800000001">' in page
    assert "secret-word" not in page
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    again = client.post("/login", {**typed, "csrfmiddlewaretoken": token[1]})
    assert again.status_code == 422


def test_a_form_sent_by_another_site_is_not_offered_again(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    for origin in ({"origin": "https://evil.example"}, {}):
        page = client.post("/login", {"login": "planted"}, headers=origin).content.decode()
        assert "planted" not in page
        assert "请返回上一页" in page


def _visit(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.user = AnonymousUser()
    return request
