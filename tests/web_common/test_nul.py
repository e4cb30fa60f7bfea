"""A NUL in an address is no crash: nothing is there, or the request cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from qitong.accounts.models import User

NUMBERS = {"int": "987654", "uuid": "00000000-0000-0000-0000-000000000007", "slug": "nothing"}
_PART = re.compile(r"<(?:(\w+):)?\w+>")


@pytest.fixture(autouse=True)
def whole_server(settings: Settings) -> None:
    settings.ROOT_URLCONF = "qitong.server.urls"


def routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def with_text() -> list[str]:
    """Every address that takes text, with a NUL in its place."""
    found = (route for route in routes(get_resolver().url_patterns) if _texts(route))
    return [_PART.sub(lambda m: NUMBERS.get(m[1] or "str", "%00"), route) for route in found]


def _texts(route: str) -> bool:
    expression = "(" in route  # of these, those that take any text are none
    return not expression and any((kind or "str") not in NUMBERS for kind in _PART.findall(route))


@pytest.mark.parametrize("who", ["boss", "officer"])
def test_no_path_with_a_nul_leads_anywhere(request: pytest.FixtureRequest, db: None, who: str) -> None:
    client = Client()
    user: User = request.getfixturevalue(who)
    client.force_login(user)
    asked = with_text()
    assert {"/my/cases/%00", "/desk/cases/%00/show", "/desk/licence/%00", "/api/v1/cases/%00"} <= set(asked)
    for address in asked:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 404, address
        as_problem = answer.headers["Content-Type"] == "application/problem+json"
        assert as_problem == address.startswith("/api/"), address


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("boss", "/my/start?item=%00"),
        ("officer", "/desk/exports/new?item=%00"),
        ("officer", "/desk?x=a%00"),
        ("boss", "/api/v1/items?query=%00"),
    ],
)
def test_no_query_with_a_nul_is_read(request: pytest.FixtureRequest, who: str, address: str) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    answer = client.get(address)
    assert answer.status_code == 400
    assert ("没有看懂这次请求" in answer.content.decode()) != address.startswith("/api/")


@pytest.mark.parametrize("key", ["abcdefgh\\000", "abcdefgh\\351", ""])
def test_a_cookie_that_is_no_key_is_no_login(client: Client, db: None, key: str) -> None:
    answer = client.get("/my", headers={"cookie": f'sessionid="{key}"'})
    assert answer["Location"] == "/login?next=/my"


def test_a_percent_sign_before_two_noughts_is_no_nul(client: Client, boss: User) -> None:
    client.force_login(boss)
    assert client.get("/?q=100%2500").status_code == 200
