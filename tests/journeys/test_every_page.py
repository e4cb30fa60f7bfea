"""One page of every kind, as different people reach it by links, in a real browser at three widths."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from qitong.accounts.models import User
from qitong.demo.play import play
from qitong.web.common.dates import now
from tests.journeys.conftest import DESKTOP, NewPage, check

pytestmark = pytest.mark.journey

PEOPLE = (
    "",
    "13800000001",
    "wang.fang@qitong.example",
    "hg.reviewer@qitong.example",
    "sun.lei@qitong.example",
    "zhou.jun@qitong.example",
    "wu.hong@qitong.example",
    "admin@qitong.example",
)
LINK = re.compile(r'href="([/?][^"#]*)')
BROKEN = "[...document.images].filter((it) => it.complete && !it.naturalWidth).map((it) => it.src)"


def test_every_kind_of_page_is_accessible_at_three_widths_and_asks_nobody_else(
    transactional_db: None, new_page: NewPage, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_DIR = tmp_path / "files"
    play(at=now())
    known: set[str] = set()
    wrong: list[str] = []
    for login in PEOPLE:
        client = Client()
        page = new_page(DESKTOP)
        if login:
            client.force_login(User.objects.get(login=login))
            session = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        _listen(page, live_server.url, wrong)
        for kind, address in _one_of_each(client, known):
            known.add(kind)
            page.goto(address)
            try:
                check(page, f"every-{kind.replace(':', '-')}")
            except AssertionError as error:
                wrong.append(f"{login} {error}")
            wrong.extend(f"{address}: no picture {it}" for it in page.evaluate(BROKEN))
    assert wrong == []
    assert len(known) > 50, sorted(known)


def _listen(page: Page, here: str, wrong: list[str]) -> None:
    """Note what a page asks of others, and what its scripts complain about."""
    page.on(
        "request", lambda it: None if it.url.startswith((here, "data:", "blob:")) else wrong.append(it.url)
    )
    page.on("console", lambda it: wrong.append(f"{page.url}: {it.text}") if it.type == "error" else None)


def _one_of_each(client: Client, known: set[str]) -> Iterator[tuple[str, str]]:
    """The first address of each kind of page that links lead to, and that nobody has seen before."""
    ahead, met = ["/"], set[str]()
    for address in ahead:
        kind = _kind(address)
        if not kind or kind in met:
            continue
        answer = client.get(address, follow=True)
        answer.close()  # what is downloaded is a file left open
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        met.add(kind)
        if kind not in known:
            yield kind, address
        for link in map(html.unescape, LINK.findall(answer.content.decode())):
            whole = link if link.startswith("/") else f"{urlsplit(address).path}{link}"
            if whole not in ahead:
                ahead.append(whole)


def _kind(address: str) -> str:
    """The name of the page behind an address; empty for what is no page of ours."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
