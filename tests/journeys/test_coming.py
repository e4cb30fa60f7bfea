"""An officer foresees a quarter at a desk; a clerk prepares for it on a phone; both languages."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.demo.stage import Stage
from qitong.demo.stories import TIDE, TIDE_CLERK
from qitong.policies import facts, outlooks, publish
from qitong.policies.check import packaged
from qitong.policies.library import Library
from tests.journeys.conftest import DESKTOP, NewPage, enter, look
from tests.policies.desk import TEXT, library

pytestmark = pytest.mark.journey
OFFICER = "wang.fang@qitong.example"


@pytest.fixture
def ahead(stage: Stage) -> Stage:
    """A window opens in three weeks; the company has said half of what it asks."""
    today = day_of(stage.at)
    opens, closes = today + dt.timedelta(days=21), today + dt.timedelta(days=80)
    text = (
        TEXT.replace("2026-11-01", str(opens))
        .replace("2026-12-15", str(closes))
        .replace("from: 2026-01-01", f"from: {today.year - 1}-01-01")
        .replace("to: 2027-12-31", f"to: {today.year + 3}-12-31")
        .replace("confidence: high", "confidence: high\nmaterials:\n  - {zh: 投入清单, en: List of spending}")
    )
    found = Library({**packaged().entries, **library(text).entries}, packaged().sizes)
    publish.load(found, by=Actor.system("test"), at=stage.tick(1))
    facts.answer(
        enterprise_id=stage.cast.company(TIDE).pk,
        name="green_sales",
        value=1000,
        by=stage.who(TIDE_CLERK),
        at=stage.tick(1),
    )
    outlooks.run(at=stage.tick(1))
    return stage


def _sign_in(page: Page, login: str, at: str) -> None:
    enter(page, login)
    page.goto(at)


def test_a_clerk_finds_on_a_phone_what_to_prepare_and_answers_it(phone: Page, ahead: Stage) -> None:
    _sign_in(phone, TIDE_CLERK, "/my/policies")
    phone.get_by_role("link", name="接下来要准备什么：新政策和申报窗口").click()
    expect(phone.get_by_role("heading", name="接下来要准备什么")).to_be_visible()
    look(phone, "coming")
    card = phone.get_by_role("region", name="绿色投入奖励")
    expect(card.get_by_text("申报窗口")).to_be_visible()
    card.get_by_text("材料共1份：还缺1份").click()
    expect(card.get_by_text("投入清单")).to_be_visible()
    card.get_by_role("link", name="上年度绿色投入是多少？").click()
    phone.locator("[name='fact.green_spent']").fill("60")
    phone.locator("[name='fact.green_spent']").press("Enter")
    expect(phone.get_by_role("status").first).to_contain_text("已记下")
    phone.goto("/my/policies/coming")
    expect(phone.get_by_role("region", name="绿色投入奖励").get_by_text("符合条件")).to_be_visible()
    phone.get_by_role("link", name="把能申请的申报窗口放进手机日历，到时提醒").click()
    expect(phone.get_by_role("button", name="生成日历地址")).to_be_visible()


def test_the_list_in_english(new_page: NewPage, ahead: Stage) -> None:
    page = new_page(DESKTOP, locale="en-GB")
    _sign_in(page, TIDE_CLERK, "/my/policies/coming")
    expect(page.get_by_role("region", name="Award for green spending")).to_be_visible()
    look(page, "coming-en")


@pytest.mark.parametrize(("locale", "heading"), [("zh-CN", "政策预研"), ("en-GB", "Foresight")])
def test_an_officer_reads_the_quarters_at_a_desk(
    new_page: NewPage, ahead: Stage, locale: str, heading: str
) -> None:
    page = new_page(DESKTOP, locale=locale)
    _sign_in(page, OFFICER, "/desk/policies")
    page.locator("main a[href='/desk/policies/coming']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    look(page, f"foresight-{locale}")
    for tab in range(3):
        page.locator(".tabs a").nth(tab).click()
        expect(page.locator(".tabs a").nth(tab)).to_have_attribute("aria-current", "page")
    look(page, f"foresight-last-{locale}")
