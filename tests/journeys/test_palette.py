"""The palette and the keys, by keyboard alone; all of it can be switched off or done without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qitong.casework.indexing import index
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, NewPage, axe, look, picture

pytestmark = pytest.mark.journey

GREEN, CLERK = "91310151MA1JK0001T", "13800000001"
PASSWORD = "Correct-horse-7"


@pytest.fixture
def cases(stage: Stage) -> list[Case]:
    made = [
        stage.submit(stage.request(GREEN, CLERK, title, text), CLERK)
        for title, text in (("门口道路积水", "下雨就积水，叉车出不去。"), ("用电容量不足", "新线投产缺电。"))
    ]
    index([case.pk for case in made])
    return made


@pytest.fixture
def desk(new_page: NewPage, cases: list[Case]) -> Page:
    return _desk(new_page(DESKTOP))


def _desk(page: Page) -> Page:
    page.goto("/login")
    page.locator("input[name=login]").fill("wang.fang@qitong.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    return page


def test_a_case_is_found_and_opened_without_a_mouse(desk: Page, cases: list[Case]) -> None:
    desk.keyboard.press("Control+k")
    box = desk.get_by_role("combobox", name="命令，或要查找的文字")
    expect(box).to_be_focused()
    axe(desk)
    picture(desk, "palette")
    desk.keyboard.type("叉车")
    hit = desk.get_by_role("option", name=str(cases[0].number))
    expect(hit.locator("mark")).to_have_text("叉车")
    expect(desk.locator("#palette [role=status]")).to_have_text("找到 1 个办件")
    axe(desk)
    picture(desk, "palette-found")
    desk.keyboard.press("ArrowDown")
    expect(hit).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(hit.get_attribute("id")))
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/cases/{cases[0].number}")


def test_closing_gives_the_focus_back(desk: Page, cases: list[Case]) -> None:
    link = desk.get_by_role("link", name=str(cases[1].number))
    link.focus()
    desk.keyboard.press("/")
    expect(desk.locator("#palette")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#palette")).to_be_hidden()
    expect(link).to_be_focused()


def test_pages_deeds_and_recent_cases_are_offered(desk: Page, cases: list[Case]) -> None:
    for case in cases:
        desk.goto(f"/desk/cases/{case.number}")
    desk.keyboard.press("Control+k")
    expect(desk.get_by_role("option", name=str(cases[0].number))).to_be_visible()
    expect(desk.get_by_role("option", name=str(cases[1].number))).to_have_count(0)
    axe(desk)
    picture(desk, "palette-case")
    desk.keyboard.type("不予受理")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("#refuse-acceptance")).to_have_attribute("open", "")
    expect(desk.locator("#refuse-acceptance :focus")).to_have_count(1)
    desk.keyboard.press("Control+k")
    desk.keyboard.type("任务")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/tasks")


def test_enter_without_a_choice_searches(desk: Page, cases: list[Case]) -> None:
    desk.keyboard.press("Control+k")
    desk.keyboard.type("积水")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/search?q=*")
    expect(desk.get_by_role("link", name=str(cases[0].number))).to_be_visible()
    look(desk, "search-found")


def test_rows_are_walked_and_opened_by_single_keys(desk: Page, cases: list[Case]) -> None:
    desk.goto("/desk?scope=all&sort=received")
    links = desk.locator("main tbody tr th a")
    desk.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    desk.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    desk.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    desk.keyboard.press("x")
    expect(desk.locator("main tbody tr input[type=checkbox]").first).to_be_checked()
    number = links.nth(0).inner_text()
    desk.keyboard.press("o")
    desk.wait_for_url(f"**/desk/cases/{number}")
    desk.keyboard.press("g")
    desk.keyboard.press("t")
    desk.wait_for_url("**/desk/tasks")


def test_the_list_of_keys_is_that_of_the_page_and_switches_them_off(desk: Page) -> None:
    desk.keyboard.press("?")
    keys = desk.get_by_role("dialog", name="快捷键")
    expect(keys).to_contain_text("下一行")
    axe(desk)
    picture(desk, "keys")
    keys.get_by_label("使用单键快捷键").uncheck()
    desk.keyboard.press("Escape")
    for key in ("j", "/", "?"):
        desk.keyboard.press(key)
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.locator("main tbody :focus")).to_have_count(0)
    desk.reload()
    desk.keyboard.press("/")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    desk.keyboard.press("Control+k")
    expect(desk.locator("#palette")).to_be_visible()
    desk.get_by_role("option", name="快捷键").click()
    keys.get_by_label("使用单键快捷键").check()
    keys.get_by_role("button", name="关闭").click()
    desk.keyboard.press("j")
    expect(desk.locator("main tbody tr th a").first).to_be_focused()


def test_keys_are_letters_while_one_types(desk: Page) -> None:
    box = desk.locator("#find")
    box.focus()
    desk.keyboard.type("gt/?jxo")
    expect(box).to_have_value("gt/?jxo")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    assert desk.url.endswith("/desk")
    composing = "new KeyboardEvent('keydown', {key: '/', isComposing: true, bubbles: true})"
    desk.evaluate(f"document.body.dispatchEvent({composing})")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_a_lost_connection_is_said(desk: Page) -> None:
    desk.route("**/desk/search.json*", lambda route: route.abort())
    desk.keyboard.press("Control+k")
    desk.keyboard.type("积水")
    expect(desk.locator("#palette [role=status]")).to_contain_text("没有连上")


def test_it_speaks_english(new_page: NewPage, cases: list[Case]) -> None:
    page = _desk(new_page(DESKTOP, locale="en-GB"))
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.type("no such words")
    expect(page.locator("#palette [role=status]")).to_have_text("No case found")
    axe(page)
    picture(page, "palette-en")
    page.goto("/desk/search?q=积水")
    look(page, "search-en")
    page.goto("/desk/search")
    look(page, "search-empty-en")
