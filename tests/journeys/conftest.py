"""A real browser against a real server: pages at three widths, accessibility, pictures on demand.

Put ``pytestmark = pytest.mark.journey`` into each module. Without a Chromium the journeys are
skipped, saying so; under ``CI=true`` they fail instead. ``QITONG_SCREENS=folder`` keeps pictures.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from tests.journeys.axe import violations
from tests.world import build, early_today

TUESDAY = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
PHONE = (360, 740)
TABLET = (768, 1024)
DESKTOP = (1440, 900)

PATIENCE = 20_000
"""Milliseconds to wait for what must come: a busy machine is slow, not wrong."""

NewPage = Callable[..., Page]
_mute: set[Page] = set()
"""Pages without scripts: axe would wait in them for ever."""


def _chromium() -> str:
    """The one without a window, where there is one: it starts faster and does less beside the pages."""
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    if found := os.environ.get("QITONG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None):
        return found
    why = "no Chromium: set QITONG_CHROMIUM or install chromium-headless-shell"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


@pytest.fixture(autouse=True)
def _committed(transactional_db: None) -> None:
    """The server answers in threads of its own: a journey's rows are really there."""


@pytest.fixture
def today(transactional_db: None, files: Path) -> Stage:
    """The cast at this moment."""
    return build(early_today(timezone.now()))


@pytest.fixture
def stage(transactional_db: None, files: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The cast on a Tuesday on which Wang Fang is on duty; the server's clock is the stage's."""
    made = build(TUESDAY)
    monkeypatch.setattr(timezone, "now", lambda: made.at)
    return made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for journeys that follow each other: Playwright's event loop must not outlive them."""
    executable = _chromium()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop makes Django think it is called asynchronously; it is not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """``new_page((width, height), **context options)``: a fresh visitor, reading Chinese by default.

    A crash of the page's own script fails the test, and so does whatever the content policy refuses.
    """
    contexts: list[BrowserContext] = []
    crashes: list[str] = []
    _mute.clear()

    def make(size: tuple[int, int] = PHONE, **options: Any) -> Page:
        chosen = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce", **options}
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": size[0], "height": size[1]}, **chosen
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if chosen.get("java_script_enabled") is False:
            _mute.add(page)
        page.on("pageerror", lambda error: crashes.append(str(error)))
        listen_for_breaches(page, crashes)
        return page

    yield make
    for context in contexts:
        context.close()
    assert crashes == []


def listen_for_breaches(page: Page, heard: list[str]) -> None:
    """Note what the content policy of a page refuses to run, load or send."""

    def note(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            heard.append(f"{page.url}: {said.text}")

    page.on("console", note)


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    return new_page(PHONE)


@pytest.fixture
def desktop(new_page: NewPage) -> Page:
    return new_page(DESKTOP)


def enter(page: Page, login: str) -> None:
    """Sign in with the password of the cast, without a pointer; the page is not looked at."""
    page.goto("/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("Correct-horse-7")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def axe(page: Page) -> None:
    """Fail on any violation of WCAG 2.2 A and AA, or when the page scrolls sideways."""
    assert page not in _mute, "axe is a script: look at the page where scripts run"
    page.wait_for_load_state()  # a page without its style yet has small targets and wrong colours
    found = violations(page)
    assert not found, "\n".join([page.url, *found])
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider}px wider than the screen"


def registration_code(phone: str) -> str:
    """What the number was sent to register a company."""
    return digits(LoginCode.objects.get(whose=phone, purpose="registration", ended=""))


def look(page: Page, name: str = "") -> None:
    """The page as it stands: accessible at the width it has; for its pictures, at all three.

    At three widths each page is checked once, on the tour of all (``tour.py``).
    """
    check(page, name) if os.environ.get("QITONG_SCREENS") else axe(page)


def check(page: Page, name: str = "") -> None:
    """The page as it stands, at all three widths: accessible; pictured when ``QITONG_SCREENS`` is set."""
    before = page.viewport_size
    for width, height in (PHONE, TABLET, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
        if name:
            picture(page, f"{name}-{width}")
    if before:
        page.set_viewport_size(before)


def picture(page: Page, name: str) -> None:
    """Keep a light and a dark picture of the whole page under ``QITONG_SCREENS``."""
    folder = os.environ.get("QITONG_SCREENS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=f"{folder}/{name}-{theme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
