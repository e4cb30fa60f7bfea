from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern
from ninja import NinjaAPI

from qitong.api import problems
from tests.api.caller import V1, Caller, Callers, open_application

TYPE = "application/problem+json"


def test_without_a_token_the_challenge_names_the_scheme(callers: Callers) -> None:
    answer = callers.stranger().get("/cases")
    assert (answer.status_code, answer["Content-Type"]) == (401, TYPE)
    assert answer["WWW-Authenticate"] == 'Bearer realm="qitong"'
    assert answer.json()["detail"] == "请在 Authorization 中提供接口令牌。"


@pytest.mark.parametrize("raw", ["qt_wrong", "wrong token", "令牌"])
def test_a_wrong_token_is_told_apart_from_none(callers: Callers, raw: str) -> None:
    answer = Caller(callers.stage, raw.encode().decode("latin-1")).get("/cases")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_session_is_no_token(callers: Callers) -> None:
    client = Client()
    client.force_login(callers.stage.cast.user("wang.fang"))
    assert client.get(f"{V1}/cases").status_code == 401


@pytest.mark.parametrize("path", ["/nothing", "/cases/1/deeds/steal", "/docs", "/"])
def test_an_unknown_address_is_a_problem_too(callers: Callers, path: str) -> None:
    for answer in (callers.stranger().get(path), callers.stranger().post(path, {})):
        assert (answer.status_code, answer["Content-Type"]) == (404, TYPE)
        assert answer.json()["instance"] == V1 + path
    assert Client().get("/api/v2/cases").status_code == 404


def test_a_method_that_is_not_supported_names_the_ones_that_are(callers: Callers) -> None:
    answer = Client().delete(f"{V1}/items")
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, TYPE, "GET, HEAD")


def test_a_problem_has_the_members_of_the_standard(company: Caller) -> None:
    answer = company.post(f"/cases/{open_application(company)['id']}/deeds/accept")
    assert answer["Content-Type"] == TYPE
    assert answer.json() == {
        "type": "/problems/wrong_state",
        "title": "现在的状态下不能办理",
        "status": 409,
        "detail": "现在是“草稿”，不能“受理”。",
        "instance": answer.wsgi_request.path,
        "errors": [],
    }


def test_the_answer_is_in_the_language_asked_for(company: Caller) -> None:
    for asked, given in (("zh", "zh-hans"), ("zh-CN", "zh-hans"), ("en", "en"), ("en-GB", "en")):
        company.language = asked
        answer = company.get("/cases/NONE-1")
        assert (answer.status_code, answer["Content-Language"]) == (404, given)


def test_every_wrong_input_is_named(company: Caller) -> None:
    answer = company.post("/cases", {"kind": "application", "items": "x", "facts": {"a": [1]}})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "/problems/invalid"
    wrong = {e["field"]: e["detail"] for e in problem["errors"]}
    assert wrong["application.item"] == "请填写这一项。"
    assert wrong["application.items"] == "没有这一项。"
    assert any(field.startswith("application.facts.a") for field in wrong)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        '{"kind": "request", "title": "a\\u0000b", "description": "c"}',
        '{"kind": "request", "title": "\\ud800", "description": "c"}',
        '{"kind": "application", "item": "food_business_licence", "facts": {"a": NaN}}',
    ],
)
def test_what_cannot_be_read_or_kept_is_a_bad_request(company: Caller, body: str) -> None:
    answer = company.post("/cases", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad_request")


@pytest.mark.parametrize("path", ["/cases/%00", "/cases/" + "9" * 30, "/tasks/99999999999999999999"])
def test_addresses_that_can_hold_nothing_are_refused(company: Caller, path: str) -> None:
    assert company.get(path).status_code in (404, 422)


def test_an_id_beyond_the_table_is_not_found(company: Caller) -> None:
    assert company.get("/cases/99999999999999999999").status_code == 404


def test_an_unexpected_error_tells_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    api = NinjaAPI(urls_namespace="broken", docs_url=None)
    problems.install(api)

    @api.get("/broken")
    def broken(request: HttpRequest) -> str:
        raise ZeroDivisionError("secret")

    view = next(p for p in api.urls[0] if isinstance(p, URLPattern) and str(p.pattern) == "broken").callback
    assert view is not None
    with caplog.at_level(logging.ERROR, logger="qitong.api.problems"):
        answer = view(RequestFactory().get("/broken"))
    assert (answer.status_code, answer["Content-Type"]) == (500, TYPE)
    assert "secret" not in answer.content.decode()
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("code", "status"),
    [("not_found", 404), ("not_allowed", 403), ("forbidden", 403), ("wrong_state", 409), ("missing", 422)],
)
def test_a_code_has_one_status(code: str, status: int) -> None:
    assert problems.status_of(code) == status
