"""Whoever asks for whatever address gets a proper page: the thing, the door, or why not. Never a crash."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qitong.accounts.models import User

SAMPLES = {"int": "987654", "str": "QT26-AAAA-BBBB", "slug": "nothing", "uuid": str(uuid.UUID(int=7))}
FINE = {200, 302, 401, 403, 404, 405, 409, 410, 422, 429}


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + re.sub(
                r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m[1] or "str", "x"), str(pattern.pattern)
            )


@pytest.mark.parametrize("who", ["visitor", "boss", "officer"])
def test_every_address_answers_with_a_page(request: pytest.FixtureRequest, db: None, who: str) -> None:
    client = Client()
    request.getfixturevalue("boss")
    if who != "visitor":
        user: User = request.getfixturevalue(who)
        client.force_login(user)
    asked, found = list(addresses(get_resolver().url_patterns)), {}
    for address in asked:
        answer = client.get(address)
        page = answer.getvalue().decode(errors="replace")
        html = answer.get("Content-Type", "").startswith("text/html")
        if answer.status_code not in FINE:
            found[address] = f"{answer.status_code}"
        elif answer.status_code in (200, 403, 404, 409, 410) and html and not re.search(r"<h1\b", page):
            found[address] = f"{answer.status_code} without a heading"
    assert found == {}
    assert len(asked) > 50


@pytest.mark.parametrize("start", ["/my", "/desk"])
def test_a_visitor_is_led_to_sign_in_and_back(client: Client, db: None, start: str) -> None:
    for address in addresses(get_resolver().url_patterns):
        if address == start or address.startswith(f"{start}/"):
            answer = client.get(address)
            assert answer.status_code in (302, 405), address
            if answer.status_code == 302:
                assert answer["Location"].startswith("/login?next="), address


def test_each_is_told_where_their_own_door_is(client: Client, boss: User, officer: User) -> None:
    for user, address in ((boss, "/desk"), (officer, "/my")):
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == 403
        assert "此页不对您的账号开放" in answer.content.decode()
