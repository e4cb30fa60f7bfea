"""One person on a tour: each page looked at is checked at three widths, and its name is noted."""

from __future__ import annotations

import html
import re
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page, Response
from pytest_django.live_server_helper import LiveServer

from qitong.accounts.models import User
from qitong.kernel.errors import Refused
from tests.journeys.conftest import DESKTOP, NewPage, check

LINK = re.compile(r'href="([/?][^"#]*)')
BROKEN = "[...document.images].filter((it) => it.complete && !it.naturalWidth).map((it) => it.src)"
TYPED = "input:not([type=hidden]):not([type=submit]), textarea, select"
SHOWN = (200, 422)  # the page itself, or the page with what is missing
GENERIC = "这个字段是必填项"  # what the framework says where nobody wrote a sentence
OPEN = """document.querySelectorAll('main details').forEach((it) => {
  it.removeAttribute('name');
  it.open = true;
})"""
SEND_EMPTY = """form => {
  for (const it of form.elements)
    if (it.type === 'radio' || it.type === 'checkbox') it.checked = false;
    else if (it.type !== 'hidden' && it.tagName !== 'BUTTON') it.value = '';
  form.noValidate = true;
  form.requestSubmit(form.querySelector('button:not([name=way])'));
}"""


@dataclass
class Tour:
    """``seen`` are the names of addresses that anybody looked at; ``wrong`` what a person would dislike."""

    page: Page
    client: Client
    seen: set[str]
    wrong: list[str]
    status: int = 200

    def go(self, address: str, name: str = "", *, opened: bool = False, status: int = 200) -> None:
        """Look at one address, and behind its ways to open, too, when ``opened``.

        A page that has been looked at is not looked at again, unless ``name`` tells its state.
        """
        answer = self.page.goto(address)
        self.status = answer.status if answer else 0
        if self.status != status:
            self.wrong.append(f"{self.status} {self.page.url}")
        if name or opened or kind_of(self.page.url) not in self.seen:
            self.look(name, opened=opened)

    def look(self, name: str = "", *, opened: bool = False) -> None:
        """Check the page as it stands."""
        kind = kind_of(self.page.url)
        if self.status in SHOWN:
            self.seen.add(kind)
        if opened:
            self.page.evaluate(OPEN)
        try:
            check(self.page, "every-" + "-".join(filter(None, [kind.replace(":", "-"), name])))
        except AssertionError as error:
            self.wrong.append(str(error))
        self.wrong.extend(f"{self.page.url}: no picture {it}" for it in self.page.evaluate(BROKEN))

    def send_empty(self, form: str = "main form[method=post]") -> None:
        """Send the first form that asks for something, empty: the page says on top what is missing."""
        asking = self.page.locator(f"{form}:has({TYPED})").first
        with self.page.expect_navigation() as navigation:
            asking.evaluate(SEND_EMPTY)
        self.status = navigation.value.status
        if not self.page.locator(".error-summary").count():
            self.wrong.append(f"nothing is said on top of {self.page.url}, sent empty")
        if GENERIC in self.page.content():
            self.wrong.append(f"{self.page.url} says only “{GENERIC}”")
        self.look("refused")

    def press(self, button: str) -> None:
        """Press a button of the page and wait for what it leads to."""
        with self.page.expect_navigation() as navigation:
            self.page.locator("main").get_by_role("button", name=button, exact=True).first.click()
        self.status = navigation.value.status


class Tours:
    """All who go on tour: what they have seen, and what was wrong."""

    def __init__(self, new_page: NewPage, server: LiveServer) -> None:
        self.seen: set[str] = set()
        self.wrong: list[str] = []
        self._new_page, self._server = new_page, server

    def of(self, login: str = "") -> Tour:
        """A fresh visitor, signed in unless ``login`` is empty."""
        client, page = Client(), self._new_page(DESKTOP)
        if login:
            client.force_login(User.objects.get(login=login))
            assert client.session[SESSION_KEY]
            session = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": self._server.url}])
        page.on("request", lambda it: self._asked(it.url))
        page.on("response", self._answered)
        page.on("console", lambda it: self._said(page.url, it.type, it.text))
        return Tour(page, client, self.seen, self.wrong)

    def play(self, scene: Callable[[], None]) -> None:
        """A scene that stumbles is noted, with the line on which it did."""
        try:
            scene()
        except (AssertionError, LookupError, ObjectDoesNotExist, Refused, Error):
            self.wrong.append(traceback.format_exc(limit=-3))

    def _asked(self, url: str) -> None:
        if not url.startswith((self._server.url, "data:", "blob:")):
            self.wrong.append(f"asks somebody else: {url}")

    def _answered(self, answer: Response) -> None:
        """A page may be a refusal; what it brings along must be there."""
        if answer.status >= 400 and answer.request.resource_type != "document":
            self.wrong.append(f"{answer.status} {answer.url}")

    def _said(self, where: str, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.wrong.append(f"{where}: {text}")


def one_of_each(client: Client, known: set[str]) -> Iterator[tuple[str, str]]:
    """The first address of each kind of page that links lead to, and that nobody has seen before."""
    ahead, met = ["/"], set[str]()
    for address in ahead:
        kind = kind_of(address)
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


def kind_of(address: str) -> str:
    """The name of the page behind an address; empty for what is no page of ours."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
