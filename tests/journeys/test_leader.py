"""A leader's morning: what is red, whose turn it is, how the months went, and the page for the wall."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, axe, look
from tests.web_dashboard.conftest import MORNING, desks
from tests.world import build

pytestmark = pytest.mark.journey

WORDS = {
    "zh-CN": {
        "sign in": "密码登录",
        "departments": "按部门",
        "items": "按事项",
        "months": "按月",
        "links": "只读链接",
        "make": "创建链接",
        "name": "名称",
    },
    "en-GB": {
        "sign in": "Sign in with the password",
        "departments": "By department",
        "items": "By item",
        "months": "By month",
        "links": "Read-only links",
        "make": "Make a link",
        "name": "Name",
    },
}


@pytest.fixture
def park(transactional_db: None, files: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Desks with something red and something yellow on them; the server's clock is the stage's."""
    made = build(MORNING, desks)
    monkeypatch.setattr(timezone, "now", lambda: made.at)
    return made


def enter(page: Page) -> None:
    page.goto("/login")
    page.locator("input[name=login]").fill("zhou.jun@qitong.example")
    page.locator("input[name=password]").fill("Correct-horse-7")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/dashboard")


def in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_what_is_red_to_the_case_and_on_to_the_wall(
    park: Stage, new_page: NewPage, language: str, size: tuple[int, int]
) -> None:
    page, words = new_page(size, locale=language), WORDS[language]
    name = f"leader-{language[:2]}"
    enter(page)
    look(page, f"{name}-today")
    in_the_dark(page)
    page.locator(".tile a").first.click()
    expect(page.locator("table tbody tr")).to_have_count(1)
    look(page, f"{name}-list")
    for tab in ("departments", "items", "months"):
        page.goto("/dashboard")
        page.get_by_role("link", name=words[tab], exact=True).click()
        chart = page.locator(".chart canvas")
        expect(chart).to_be_visible()
        assert chart.get_attribute("aria-label")
        expect(page.locator("table.figures tbody tr").first).to_be_visible()
        look(page, f"{name}-{tab}")
        in_the_dark(page)
    page.get_by_role("link", name=words["links"], exact=True).click()
    page.get_by_label(words["name"]).fill("Hall")
    page.get_by_role("button", name=words["make"]).click()
    look(page, f"{name}-links")
    made = page.locator(".notice a").get_attribute("href")
    stranger = new_page(DESKTOP, locale=language)
    stranger.goto(made or "")
    expect(stranger.locator(".tile-number")).to_have_count(4)
    look(stranger, f"{name}-wall")


def test_without_javascript_the_tables_are_the_page(park: Stage, new_page: NewPage) -> None:
    page = new_page(PHONE, java_script_enabled=False)
    enter(page)
    page.goto("/dashboard/departments")
    expect(page.locator("figure.chart figcaption")).to_be_visible()
    expect(page.locator("figure.chart canvas")).to_be_hidden()
    expect(page.locator("table.figures tbody tr").first).to_be_visible()
    under = "it => it.getBoundingClientRect().top - it.parentElement.getBoundingClientRect().top"
    number = page.locator("table.figures td > span").first
    assert number.evaluate(under) > 16, "a number stands under its word, not on it"


def test_the_way_to_a_figures_list_by_keyboard(park: Stage, new_page: NewPage) -> None:
    page = new_page(DESKTOP)
    enter(page)
    page.locator(".tile a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/cases?**")
    page.locator("tbody th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")
