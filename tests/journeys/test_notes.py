"""Company and officer write to each other at the case, with and without JavaScript, and see what was read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, enter, look

pytestmark = pytest.mark.journey

GREEN, LIN = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def case(today: Stage) -> Case:
    case = today.accept(today.submit(today.apply(GREEN, "customs_filing", LIN), LIN))
    case.refresh_from_db()
    return case


def test_a_question_is_asked_on_a_phone_read_at_a_desk_and_answered(new_page: NewPage, case: Case) -> None:
    assert case.owner is not None
    company, desk = new_page(PHONE), new_page(DESKTOP, java_script_enabled=False)
    enter(company, LIN)
    company.goto(f"/my/cases/{case.number}")
    company.get_by_label("写留言").fill("报关单要盖章吗？")
    company.get_by_role("button", name="发送留言").click()
    expect(company.get_by_text("对方还没有读")).to_be_visible()
    look(company, "notes-company")
    enter(desk, case.owner.login)
    desk.goto(f"/desk/cases/{case.number}/notes")
    expect(desk.get_by_text("报关单要盖章吗？")).to_be_visible()
    desk.get_by_role("button", name="标为已读").click()
    company.reload()
    expect(company.get_by_text(f"已读：{case.owner.name}")).to_be_visible()
    desk.goto(f"/desk/cases/{case.number}/notes")
    desk.get_by_label("写留言").fill("不用，电子件即可。")
    desk.get_by_role("button", name="发送留言").click()
    desk.goto(f"/desk/cases/{case.number}/notes")
    reader = new_page(DESKTOP)
    enter(reader, case.owner.login)
    reader.goto(f"/desk/cases/{case.number}/notes")
    look(reader, "notes-desk")
    company.goto("/my")
    company.get_by_role("link", name="读首问负责人的留言").click()
    expect(company.get_by_text("不用，电子件即可。")).to_be_visible()
    company.get_by_role("button", name="标为已读").scroll_into_view_if_needed()
    expect(company.get_by_role("button", name="标为已读")).to_be_hidden()  # it was on the screen for a moment
    desk.reload()
    expect(desk.get_by_text("已读：林**")).to_be_visible()


def test_the_calendar_page_works_without_javascript(new_page: NewPage, case: Case) -> None:
    page = new_page(PHONE, java_script_enabled=False, locale="en-GB")
    enter(page, LIN)
    page.goto("/my/calendar")
    page.get_by_role("button", name="Make a calendar address").click()
    expect(page.get_by_label("Your calendar address")).to_be_visible()
    seen = new_page(PHONE, locale="en-GB")
    enter(seen, LIN)
    seen.goto("/my/calendar")
    expect(seen.get_by_label("Your calendar address")).to_be_visible()
    look(seen, "calendar")
