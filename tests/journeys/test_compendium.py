"""A visitor on a phone looks up what there is on a theme, on a day, and takes it along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qitong.demo.stage import Stage
from qitong.policies.compendium.themes import THEMES, Theme
from tests.datashare.docx_reading import complaints, read
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, check, enter
from tests.policies.played import LIN, published

pytestmark = pytest.mark.journey


@pytest.fixture
def policies(stage: Stage) -> Stage:
    published(stage)
    return stage


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_from_the_start_to_a_document(
    policies: Stage, new_page: NewPage, tmp_path: Path, locale: str
) -> None:
    english = locale == "en-GB"
    page: Page = new_page(PHONE, locale=locale)
    page.goto("/")
    page.locator("main").get_by_role("link", name="Policies" if english else "看政策").click()
    check(page, f"policies-{locale}")
    name = THEMES[Theme.RECOGNITION]
    page.get_by_role("link", name=name.en if english else name.zh).click()
    check(page, f"policy-theme-{locale}")
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("Word")).click()
    file = tmp_path / "汇编.docx"
    coming.value.save_as(file)
    word = read(file.read_bytes())
    assert complaints(word) == []
    assert ("Certification" in word.text) is english
    page.locator("section h2 a").first.click()
    page.locator("main details").evaluate_all("all => all.forEach(it => it.open = true)")
    check(page, f"policy-public-{locale}")
    page.locator("input[name=on]").fill("2020-01-01")
    page.locator("input[name=on]").press("Enter")
    expect(page.locator("h1")).to_be_visible()


def test_who_is_signed_in_goes_on_to_their_own_company(policies: Stage, new_page: NewPage) -> None:
    page: Page = new_page(DESKTOP)
    enter(page, LIN)
    page.goto("/policies/small_low_profit_cit")
    page.get_by_role("link", name="看贵企业是否符合").click()
    expect(page).to_have_url(re.compile(r"/my/policies/\d+/small_low_profit_cit$"))
    page.goto("/my/policies")
    page.get_by_role("link", name="按主题看全部政策（政策汇编）").click()
    check(page, "policies-signed-in")


def test_without_a_script_words_and_a_day_can_be_asked(policies: Stage, new_page: NewPage) -> None:
    page: Page = new_page(PHONE, java_script_enabled=False)
    page.goto("/policies")
    page.locator("input[name=q]").fill("高新")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="高新技术企业认定").click()
    expect(page.locator("h1")).to_have_text("高新技术企业认定")
