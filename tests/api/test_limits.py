"""A token that asks too often is told when to go on; so is whoever asks without one."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from qitong.accounts.logic.allowances import parse
from tests.api.caller import Caller, Callers


@pytest.fixture(autouse=True)
def once_an_hour(settings: Settings) -> None:
    settings.ALLOWANCES = parse("api=1/1h")


def test_each_token_has_its_own_allowance(callers: Callers) -> None:
    company, window = callers.company(), callers.window()
    assert company.get("/cases").status_code == 200
    refused = company.get("/cases")
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert int(refused["Retry-After"]) == 3600 - 60, "each call of a test is a minute later"
    told = refused.json()
    assert (told["type"], told["title"]) == ("/problems/too_often", "请求太频繁")
    assert told["detail"] == "操作太频繁，请59分钟后再试。"
    assert window.get("/cases").status_code == 200


@pytest.mark.parametrize("raw", ["", "qt_nobody"])
def test_without_a_token_the_address_counts(callers: Callers, raw: str) -> None:
    assert Caller(callers.stage).get("/items").status_code == 200
    asked = "/cases" if raw else "/items"
    assert Caller(callers.stage, raw).get(asked).status_code == 429
