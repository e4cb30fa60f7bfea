"""An officer's day, from the inbox to the delivered result, in every way one may go it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qitong.casework.logic.terms import MaterialState
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, NewPage, axe
from tests.journeys.walking import Walk, press, sign_in, tab_to, type_into, walker

pytestmark = pytest.mark.journey

GREEN, CLERK, ITEM = "91310151MA1JK0001T", "13800000001", "energy_review"
SECOND = "customs_filing"


@pytest.fixture
def case(stage: Stage) -> Case:
    stage.submit(stage.apply(GREEN, SECOND, CLERK), CLERK)
    return stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_from_the_inbox_to_delivery(new_page: NewPage, case: Case, size: str, lang: str) -> None:
    number = str(case.number)
    owner = walker(new_page, size, lang)
    sign_in(owner, "wang.fang")
    owner.seen("desk-inbox")
    _filter(owner, number)
    owner.page.get_by_role("link", name=number).first.click()
    owner.seen("desk-case-submitted")
    owner.button("受理").click()
    owner.told()
    _check_papers(owner, case)
    for login in ("fgw.reviewer", "jw.reviewer"):
        _concur(walker(new_page, size, lang), login, number)
    head = walker(new_page, size, lang)
    sign_in(head, "fgw.head")
    head.page.goto(f"/desk/cases/{number}")
    head.seen("desk-case-decide")
    head.deed("准予").click()
    head.told()
    owner.page.goto(f"/desk/cases/{number}")
    owner.button("送达结果").click()
    owner.told()
    owner.seen("desk-case-delivered")
    owner.page.goto(f"/desk/cases/{number}/ledger")
    owner.seen("desk-ledger")
    case.refresh_from_db()
    assert case.state == "delivered"


def _filter(walk: Walk, number: str) -> None:
    """By item: one of the two remains, and the address can be sent to a colleague."""
    page = walk.page
    expect(page.get_by_role("link", name=number)).to_have_count(1)
    page.goto(f"/desk?scope=mine&item={SECOND}")
    expect(page.get_by_role("link", name=number)).to_have_count(0)
    walk.seen("desk-inbox-filtered")
    page.go_back()


def _check_papers(walk: Walk, case: Case) -> None:
    """A material beside what is required of it; and where the lists that were taken out are kept."""
    page = walk.page
    page.goto(f"/desk/cases/{case.number}")
    page.locator("main a[href*='/materials/']").first.click()
    walk.seen("desk-material-review")
    with page.expect_navigation():
        walk.button("核对无误").click()
    assert case.materials.filter(state=MaterialState.VERIFIED).count() == 1
    page.goto("/desk/exports")
    walk.seen("desk-exports")


def _concur(walk: Walk, login: str, number: str) -> None:
    """Claim from the board, give the opinion at the case."""
    page = walk.page
    sign_in(walk, login)
    page.goto("/desk/tasks")
    walk.seen("desk-board")
    page.locator("form[action$='/claim'] button").first.click()
    walk.told()
    page.goto(f"/desk/cases/{number}")
    page.get_by_label(walk.word("同意"), exact=True).check()
    walk.seen("desk-case-review")
    walk.button("提交意见").click()
    walk.told()


def test_a_case_is_accepted_and_decided_by_keyboard_alone(new_page: NewPage, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK)
    for login, deed in (("wang.fang", "受理"), ("scjg.head", "准予")):
        walk = walker(new_page, "desktop", "zh-hans", look=False)
        page = walk.page
        page.goto("/login")
        type_into(page, page.locator("[name=login]"), f"{login}@qitong.example")
        type_into(page, page.locator("[name=password]"), "Correct-horse-7")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if page.get_by_role("link", name=str(case.number)).count() == 0:
            press(page, page.locator("main").get_by_role("link", name="本部门").first)
        press(page, page.locator("main").get_by_role("link", name=str(case.number)).first)
        press(page, walk.deed(deed))
        walk.told()
    case.refresh_from_db()
    assert case.state == "approved"
    press(page, page.locator(".skip"))
    tab_to(page, page.locator("main a").first)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_reading_and_deciding_without_javascript(new_page: NewPage, stage: Stage, lang: str) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK)
    for login, deed in (("wang.fang", "受理"), ("scjg.head", "准予"), ("wang.fang", "送达结果")):
        walk = walker(new_page, "phone", lang, look=False, scripts=False)
        sign_in(walk, login)
        walk.page.goto(f"/desk/cases/{case.number}")
        walk.deed(deed).click()
        walk.told()
    case.refresh_from_db()
    assert case.state == "delivered"


def test_the_officers_pages_in_the_dark(new_page: NewPage, case: Case) -> None:
    page = new_page(DESKTOP, color_scheme="dark")
    sign_in(Walk(page, "zh-hans"), "wang.fang")
    for address in ("/desk", "/desk/tasks", f"/desk/cases/{case.number}", "/desk/absences", "/messages"):
        page.goto(address)
        axe(page)
