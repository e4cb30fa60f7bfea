"""A clerk on a phone answers three questions, sees what the firm can get and why, and applies."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from qitong.casework.models import Case
from qitong.demo.policies import ANSWERS, KNOWN, POLICY
from qitong.demo.stage import Stage
from qitong.demo.stories import TIDE, TIDE_CLERK
from qitong.policies import facts
from tests.journeys.conftest import DESKTOP, NewPage, look
from tests.policies.played import published

pytestmark = pytest.mark.journey

NAME = "高新技术企业认定"


@pytest.fixture
def known(stage: Stage) -> Stage:
    """Policies are published, and the company has said most of what hi-tech certification asks."""
    published(stage)
    for name, value in KNOWN.items():
        facts.answer(
            enterprise_id=stage.cast.company(TIDE).pk,
            name=name,
            value=value,
            by=stage.who(TIDE_CLERK),
            at=stage.tick(1),
        )
    return stage


def _sign_in(page: Page, at: str) -> None:
    page.goto(f"/login?next={at}")
    page.locator("[name=login]").fill(TIDE_CLERK)
    page.locator("[name=password]").fill("Correct-horse-7")
    page.locator("[name=password]").press("Enter")


def _three_answers(page: Page) -> None:
    """One question a screen; each answer is sent with the Enter key."""
    for n in range(3):
        field = page.locator("[name^='fact.']")
        name = str(field.get_attribute("name")).removeprefix("fact.")
        expect(page.get_by_role("button", name="还不清楚")).to_be_visible()
        if n == 0:
            field.fill("大约一千")
            field.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("填写数字")
            expect(field).to_have_value("大约一千")
            look(page, "policy-question-error")
        field.fill(str(ANSWERS[name]))
        field.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("已记下")


def test_three_answers_on_a_phone_then_one_tap(phone: Page, known: Stage) -> None:
    _sign_in(phone, "/my")
    phone.get_by_text("更多", exact=True).click()
    phone.get_by_role("link", name="政策", exact=True).first.click()
    expect(phone.get_by_role("heading", name="能享受哪些政策")).to_be_visible()
    expect(phone.get_by_text("下一个值得回答的问题")).to_be_visible()
    look(phone, "policies")
    phone.get_by_role("link", name=NAME, exact=True).click()
    expect(phone.get_by_text("还差3项情况，回答后才能判断。")).to_be_visible()
    look(phone, "policy-unknown")
    phone.get_by_role("link", name="回答问题").click()
    look(phone, "policy-question")
    _three_answers(phone)
    expect(phone.get_by_text("能核对的条件都符合，另有", exact=False)).to_be_visible()
    expect(phone.get_by_text("预计每年74.23万元")).to_be_visible()
    look(phone, "policy-known")
    phone.get_by_role("button", name="申请", exact=True).click()
    expect(phone.get_by_text("已开好申请草稿")).to_be_visible()
    look(phone, "policy-draft")
    case = Case.objects.get()
    assert case.item_version is not None
    assert case.item_version.code == POLICY
    assert "近三年研究开发费用总额：963.2万元" in case.form["description"]


def test_the_same_in_english_without_a_script(new_page: NewPage, known: Stage) -> None:
    page = new_page(DESKTOP, locale="en-GB", java_script_enabled=False)
    _sign_in(page, "/my/policies")
    expect(page.get_by_role("heading", name="Which policies can we have?")).to_be_visible()
    page.get_by_role("link", name="High and new technology enterprise", exact=True).click()
    page.get_by_role("link", name="Answer a question").click()
    for _ in range(3):
        page.get_by_role("button", name="Not known yet").click()
    expect(page.get_by_text(re.compile("Facts still needed before it can be told: 3"))).to_be_visible()
    expect(page.get_by_text("You said: not known yet").first).to_be_visible()
    page.get_by_role("link", name="This policy is not for us").click()
    page.get_by_role("button", name="Do not propose again").click()
    expect(page.get_by_text("Choose a reason.").first).to_be_visible()
    page.get_by_label("Not needed for now").check()
    page.get_by_role("button", name="Do not propose again").click()
    expect(page.get_by_text("will not be proposed again").first).to_be_visible()


def _lines_of_ways(page: Page) -> int:
    """On how many lines the ways of the head stand."""
    ways = page.locator(".top .nav > li:visible").all()
    return len({round(box["y"]) for way in ways if (box := way.bounding_box())})


def test_english_on_a_desk_is_accessible(new_page: NewPage, known: Stage) -> None:
    page = new_page(DESKTOP, locale="en-GB")
    _sign_in(page, "/my/policies")
    expect(page.get_by_role("heading", name="Which policies can we have?")).to_be_visible()
    assert _lines_of_ways(page) == 1
    look(page, "policies-en")
    page.set_viewport_size({"width": 1024, "height": 768})  # all its ways take two lines
    look(page, "policies-en-1024")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.get_by_role("link", name="High and new technology enterprise", exact=True).click()
    look(page, "policy-en")
