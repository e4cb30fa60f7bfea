"""An officer on a phone shows a contact and calls; a leader says why; the company sees who looked."""

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
    case = today.submit(today.apply(GREEN, "customs_filing", LIN), LIN)
    case.refresh_from_db()
    return case


def test_what_is_masked_is_shown_when_it_is_asked_for(new_page: NewPage, case: Case) -> None:
    assert case.owner is not None
    officer = new_page(PHONE)
    enter(officer, case.owner.login)
    officer.goto(f"/desk/cases/{case.number}")
    expect(officer.get_by_text("林** 138****0001")).to_be_visible()
    look(officer, "personal-masked")
    officer.get_by_role("button", name="显示个人信息").press("Enter")  # by keyboard as well as by touch
    expect(officer.get_by_role("link", name=LIN)).to_have_attribute("href", f"tel:{LIN}")
    look(officer, "personal-shown")

    leader = new_page(DESKTOP, java_script_enabled=False)
    enter(leader, "zhou.jun@qitong.example")
    leader.goto(f"/desk/cases/{case.number}")
    leader.locator("#personal summary").click()
    leader.locator("#personal").get_by_role("button", name="显示个人信息").click()
    expect(leader.get_by_text("请填写理由。").first).to_be_visible()
    leader.get_by_label("理由", exact=True).last.fill("复核企业的投诉")
    leader.locator("#personal").get_by_role("button", name="显示个人信息").click()
    expect(leader.get_by_role("link", name=LIN)).to_be_visible()

    company = new_page(PHONE)
    enter(company, LIN)
    company.goto(f"/my/cases/{case.number}")
    company.get_by_role("link", name="谁看过").click()
    expect(company.get_by_role("row")).to_have_count(3)
    look(company, "who-looked")
    company.goto("/account/erasure")
    expect(company.get_by_text("还没有办结")).to_be_visible()
    look(company, "erasure")


def test_the_pages_of_erasure_and_of_the_audit_are_accessible(new_page: NewPage, today: Stage) -> None:
    company = new_page(PHONE)
    enter(company, LIN)
    company.goto("/account/erasure")
    company.on("dialog", lambda dialog: dialog.accept())
    company.get_by_role("button", name="请求删除").click()
    expect(company.get_by_text("已经提出", exact=True)).to_be_visible()
    company.goto("/account/looks")
    look(company, "my-looks")
    guard = new_page(DESKTOP)
    enter(guard, "security@qitong.example")
    guard.goto("/desk/erasures")
    expect(guard.get_by_text("林**")).to_be_visible()
    look(guard, "erasures")
    auditor = new_page(DESKTOP)
    enter(auditor, "wu.hong@qitong.example")
    auditor.goto("/desk/audit")
    auditor.get_by_role("link", name="谁查看过个人信息").click()
    look(auditor, "audit-personal")
