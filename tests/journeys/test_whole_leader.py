"""A leader's quarter of an hour: what is red and why, who has it, and a link for the hall's screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.insight.facts import refresh
from tests.journeys.conftest import DESKTOP, NewPage, axe
from tests.journeys.walking import Walk, sign_in, walker

pytestmark = pytest.mark.journey

GREEN, CLERK = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """One case done in time, one overdue, one still in time."""
    done = stage.accept(stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK))
    stage.decide(done, "scjg.head")
    stage.deliver(done)
    stage.confirm(done, CLERK)
    stage.accept(stage.submit(stage.apply(GREEN, "tax_registration", CLERK), CLERK))
    stage.days(6)
    stage.accept(stage.submit(stage.apply(GREEN, "energy_review", CLERK), CLERK))
    refresh(Case.objects.values_list("pk", flat=True))
    return stage


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_from_what_is_red_to_the_screen_in_the_hall(
    new_page: NewPage, stage: Stage, size: str, lang: str
) -> None:
    walk = walker(new_page, size, lang)
    page = walk.page
    sign_in(walk, "zhou.jun")
    page.goto("/dashboard")
    expect(page.locator("main .light.red").first).to_be_visible()
    walk.seen("dashboard-today")
    page.locator("main .tile a").first.click()
    walk.seen("dashboard-counted")
    page.locator("main a[href^='/desk/cases/']").first.click()
    walk.seen("dashboard-case")
    for part in ("departments", "items", "months"):
        page.goto("/dashboard")
        page.locator(f"main a[href^='/dashboard/{part}'], nav a[href^='/dashboard/{part}']").first.click()
        expect(page.get_by_role("table").first).to_be_visible()
        walk.seen(f"dashboard-{part}")
    page.goto("/dashboard/wall")
    walk.seen("dashboard-wall")
    _hang_up(walk, new_page, size, lang)


def _hang_up(walk: Walk, new_page: NewPage, size: str, lang: str) -> None:
    """A read-only link: opens without signing in, shows figures and nobody's name; then it is withdrawn."""
    page = walk.page
    page.goto("/dashboard/wall/links")
    walk.seen("dashboard-links")
    page.locator("main form [name=name]").first.fill("大厅屏幕")
    walk.button("创建链接").click()
    address = page.locator("main .notice a").first.get_attribute("href")
    assert address
    screen = walker(new_page, size, lang)
    screen.page.goto(address)
    expect(screen.page.locator("main .tile").first).to_be_visible()
    expect(screen.page.locator("main")).not_to_contain_text("崇明绿源新材料有限公司")
    screen.seen("wall-shared")
    page.on("dialog", lambda dialog: dialog.accept())
    walk.button("停用").click()
    expect(page.locator("main")).to_contain_text(walk.word("已停用"))
    gone = screen.page.goto(address)
    assert gone is not None
    assert gone.status in (404, 410)
    screen.seen("wall-withdrawn")


def test_the_leaders_pages_in_the_dark_and_without_javascript(new_page: NewPage, stage: Stage) -> None:
    for options in ({"color_scheme": "dark"}, {"java_script_enabled": False}):
        page = new_page(DESKTOP, **options)
        sign_in(Walk(page, "zh-hans"), "zhou.jun")
        for address in ("/dashboard", "/dashboard/departments", "/dashboard/months", "/dashboard/wall"):
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            if "color_scheme" in options:
                axe(page)
