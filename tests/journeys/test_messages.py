"""What was told is read on a phone and at a desk, without JavaScript, and put aside by one button."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.automation.queue import react_to_all
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, enter, look

pytestmark = pytest.mark.journey

GREEN, LIN = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def case(today: Stage) -> Case:
    case = today.accept(today.submit(today.apply(GREEN, "customs_filing", LIN), LIN))
    react_to_all(today.at)
    case.refresh_from_db()
    return case


def test_a_company_reads_its_messages_on_a_phone(new_page: NewPage, case: Case) -> None:
    page = new_page(PHONE)
    enter(page, LIN)
    page.get_by_role("link", name="消息").click()
    expect(page.get_by_text("未读", exact=True).first).to_be_visible()
    look(page, "messages-company")
    page.get_by_role("link", name=f"查看办件{case.number}").first.click()
    expect(page).to_have_url(page.url.split("/my")[0] + f"/my/cases/{case.number}")
    page.get_by_role("link", name="消息").click()
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_text("已全部标为已读。")).to_be_visible()
    expect(page.get_by_text("未读", exact=True)).to_have_count(0)
    look(page, "messages-read")


def test_an_officer_reads_without_javascript_in_english(new_page: NewPage, case: Case) -> None:
    assert case.owner is not None
    page = new_page(DESKTOP, java_script_enabled=False, locale="en-GB")
    enter(page, case.owner.login)
    page.get_by_role("link", name="Messages").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("Unread", exact=True)).to_have_count(0)
    page.get_by_role("link", name=f"Open case {case.number}").first.click()
    expect(page).to_have_url(page.url.split("/desk")[0] + f"/desk/cases/{case.number}")


def test_the_pages_hold_on_narrow_and_wide_screens_in_both_languages(new_page: NewPage, case: Case) -> None:
    assert case.owner is not None
    for login, kind in ((LIN, "company"), (case.owner.login, "officer")):
        for locale in ("zh-CN", "en-GB"):
            page = new_page(PHONE, locale=locale)
            enter(page, login)
            page.goto("/messages")
            look(page, f"messages-{kind}-{locale}")
