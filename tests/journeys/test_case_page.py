"""The officers' case page: one screen, the papers beside their requirements, everything by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import NewPage, look
from tests.journeys.test_officer import _sign_in, case

pytestmark = pytest.mark.journey
__all__ = ["case"]


def test_state_deed_materials_and_tasks_are_seen_without_scrolling(
    desktop: Page, stage: Stage, case: Case
) -> None:
    stage.accept(case)
    _sign_in(desktop, "wang.fang")
    desktop.goto(f"/desk/cases/{case.number}")
    for part in (
        ".case-head .light",
        "#deeds summary >> nth=0",
        "#materials tbody tr >> nth=-1",
        "#tasks h2",
    ):
        box = desktop.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900, part
    desktop.get_by_role("link", name="进度图").click()
    expect(desktop.locator("#plan svg")).to_be_in_viewport()
    desktop.get_by_text("用表格看进度").click()
    look(desktop, "desk-case-schedule")


def test_papers_are_judged_one_after_another(desktop: Page, case: Case) -> None:
    _sign_in(desktop, "wang.fang")
    desktop.goto(f"/desk/cases/{case.number}")
    desktop.get_by_role("link", name="对照要求逐份查看").click()
    desktop.wait_for_load_state()
    first = desktop.url
    desktop.keyboard.press("n")
    expect(desktop).not_to_have_url(first)
    desktop.wait_for_load_state()
    desktop.keyboard.press("p")
    expect(desktop).to_have_url(first)
    look(desktop, "desk-material")
    desktop.get_by_role("button", name="核对无误").click()
    expect(desktop).not_to_have_url(first)
    expect(desktop.get_by_text("已核对1份")).to_be_visible()


def test_escape_closes_an_open_deed_and_gives_the_focus_back(desktop: Page, case: Case) -> None:
    _sign_in(desktop, "wang.fang")
    desktop.goto(f"/desk/cases/{case.number}")
    summary = desktop.locator("#contact > summary")
    summary.press("Enter")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Escape")
    expect(desktop.locator("#contact")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_a_paper_is_judged_without_javascript(new_page: NewPage, case: Case) -> None:
    page = new_page((1440, 900), java_script_enabled=False)
    page.goto("/login")
    page.locator("input[name=login]").fill("wang.fang@qitong.example")
    page.locator("input[name=password]").fill("Correct-horse-7")
    page.locator("main button[value=password]").click()
    key = case.materials.all()[0].key
    page.goto(f"/desk/cases/{case.number}/materials/{key}")
    page.get_by_text("不符合要求", exact=True).click()
    page.get_by_label("哪里不符合要求").fill("缺公章")
    page.get_by_role("button", name="退回这份材料").click()
    assert case.materials.get(key=key).state == "rejected"
