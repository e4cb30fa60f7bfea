"""Pictures of the main pages for the documents, of the demo: ``make screens`` writes docs/screens/*.jpg.

A server that already runs on PORT is used; otherwise one is started on it and stopped again.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

PORT = os.environ.get("PORT", "8000")
BASE = f"http://127.0.0.1:{PORT}"
FOLDER = Path(__file__).parent.parent / "docs" / "screens"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
MOST = 150_000  # bytes a picture
# What Playwright switches on and the viewer of PDFs does not survive: it is an extension that comes along.
_WITHOUT_VIEWER = [
    "--headless",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
]
PASSWORD = os.environ.get("QITONG_DEMO_PASSWORD", "Qitong-demo-2026")
OFFICER, LEADER = "wang.fang@qitong.example", "zhou.jun@qitong.example"
COMPANY, WITH_FACTS = "13800000001", "13800000002"


def main() -> None:
    """Take every picture once in each language; what is no longer taken is removed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _server(), sync_playwright() as play:
        browser = _started(play)
        taken = {path for language in ("zh-CN", "en") for path in _pictures(browser, language)}
        browser.close()
    for old in set(FOLDER.glob("*.*")) - taken:
        old.unlink()


def _started(play: Playwright) -> Browser:
    """The whole browser, for it alone shows a PDF within a page; else the one without a window."""
    if whole := shutil.which("chromium"):
        return play.chromium.launch(
            executable_path=whole,
            args=["--no-sandbox", "--headless=new"],
            ignore_default_args=_WITHOUT_VIEWER,
        )
    small = shutil.which("chromium-headless-shell") or sys.exit("Chromium is needed for pictures")
    return play.chromium.launch(executable_path=small, args=["--no-sandbox"])


@contextmanager
def _server() -> Iterator[None]:
    if _answers():
        yield
        return
    program = Path(sys.executable).with_name("qitong")
    started = subprocess.Popen([program, "up", "--port", PORT], stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if _answers() or started.poll() is not None:
                break
            time.sleep(1)
        yield
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(30)


def _answers() -> bool:
    try:
        with urlopen(f"{BASE}/healthz", timeout=2) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _pictures(browser: Browser, language: str) -> Iterator[Path]:
    page = _page(browser, PHONE, language)
    yield _shoot(page, "/", "home", language)
    yield _shoot(page, "/items/construction_permit", "guide", language)
    _sign_in(page, COMPANY)
    yield _shoot(page, "/my", "my", language)
    yield _shoot(page, _first(page, "/my", "main a[href*='/my/drafts/']"), "wizard", language)
    yield _shoot(page, _first(page, "/my/cases", "main a[href*='/my/cases/']"), "progress", language)
    page.context.close()

    page = _page(browser, PHONE, language)
    _sign_in(page, WITH_FACTS)
    yield _shoot(page, "/my/policies", "policies", language)
    near = _first(page, "/my/policies", "main a[href*='/small_low_profit_cit']")
    yield _shoot(page, near, "policy", language)
    page.context.close()

    page = _page(browser, DESK, language)
    _sign_in(page, OFFICER)
    yield _shoot(page, "/desk", "desk", language)
    yield _shoot(page, "/desk/tasks", "tasks", language)
    yield _shoot(page, "/desk/search?q=许可", "search", language)
    case = _first(page, "/desk", "main table a[href*='/desk/cases/']")
    yield _shoot(page, case, "case", language)
    if material := _first(page, case, "main a[href*='/materials/']"):
        yield _shoot(page, material, "material-review", language)
    page.context.close()

    page = _page(browser, DESK, language)
    _sign_in(page, LEADER)
    yield _shoot(page, "/dashboard", "dashboard", language)
    page.context.close()


def _page(browser: Browser, size: dict[str, int], language: str) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale=language, reduced_motion="reduce"
    )
    return context.new_page()


def _sign_in(page: Page, login: str) -> None:
    page.goto(f"{BASE}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _first(page: Page, path: str, selector: str) -> str:
    """Where the first such link on a page leads; empty when there is none."""
    page.goto(f"{BASE}{path}")
    found = page.locator(selector)
    return (found.first.get_attribute("href") or "").split("#")[0] if found.count() else ""


def _shoot(page: Page, path: str, name: str, language: str) -> Path:
    page.goto(f"{BASE}{path}")
    page.wait_for_load_state("networkidle")
    target = FOLDER / f"{name}.{language[:2]}.jpg"
    for quality in (85, 70, 55):
        page.screenshot(path=target, type="jpeg", quality=quality)
        if target.stat().st_size <= MOST:
            break
    return target


if __name__ == "__main__":
    main()
