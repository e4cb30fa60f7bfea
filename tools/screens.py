"""Pictures of the main pages for the documents, from the demo of a running server.

make run            # in one terminal
make screens        # in another; writes docs/screens/*.png
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

BASE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
FOLDER = Path(__file__).parent.parent / "docs" / "screens"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
PASSWORD = os.environ.get("QITONG_DEMO_PASSWORD", "Qitong-demo-2026")


def main() -> None:
    """Take every picture once in each language that has a document of its own."""
    chromium = shutil.which("chromium") or sys.exit("chromium is needed for pictures")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language in ("zh-CN", "en"):
            _company(browser, language)
            _officer(browser, language)
        browser.close()


def _company(browser: Browser, language: str) -> None:
    page = _page(browser, PHONE, language)
    _shoot(page, "/", "home", language)
    _shoot(page, "/items/construction_permit", "guide", language)
    _sign_in(page, "13800000001")
    _shoot(page, "/my", "my", language)
    page.context.close()


def _officer(browser: Browser, language: str) -> None:
    page = _page(browser, DESK, language)
    _sign_in(page, "wang.fang@qitong.example")
    _shoot(page, "/desk", "desk", language)
    _shoot(page, "/desk/tasks", "tasks", language)
    page.goto(f"{BASE}/desk")
    page.locator("table a").first.click()
    _shoot(page, page.url.removeprefix(BASE), "case", language)
    page.context.close()


def _page(browser: Browser, size: dict[str, int], language: str) -> Page:
    return browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale=language
    ).new_page()


def _sign_in(page: Page, login: str) -> None:
    page.goto(f"{BASE}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _shoot(page: Page, path: str, name: str, language: str) -> None:
    page.goto(f"{BASE}{path}")
    page.screenshot(path=FOLDER / f"{name}.{language[:2]}.png")


if __name__ == "__main__":
    main()
