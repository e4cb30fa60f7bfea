from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from qitong.accounts.models import Jurisdiction, Level
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, look, registration_code

pytestmark = pytest.mark.journey

GOOD, WRONG = "91110000600037341L", "91110000600037342L"
PASSWORD = "Reed-bed-2026"


@pytest.fixture
def park(transactional_db: None) -> Jurisdiction:
    city = Jurisdiction.objects.create(code="C", name_zh="潮州市", name_en="Tide City", level=Level.CITY)
    return Jurisdiction.objects.create(
        code="P", name_zh="芦荡园区", name_en="Reed Park", level=Level.PARK, parent=city
    )


def _fill(page: Page, code: str) -> None:
    page.get_by_label("统一社会信用代码").fill(code)
    page.get_by_label("企业名称").fill("芦荡食品有限公司")
    page.get_by_label("法定代表人").fill("陈潮")
    page.get_by_label("住所").fill("芦荡路1号")
    page.get_by_label("所在园区或区县").select_option(label="芦荡园区")
    page.get_by_label("联系人姓名").fill("陈潮")
    page.get_by_label("联系人手机号").fill("13800000001")
    page.get_by_label("设置密码").fill(PASSWORD)


def _register(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="注册企业").click()
    _fill(page, WRONG)
    page.get_by_role("button", name="注册", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("校验位不符")
    expect(page.get_by_label("企业名称")).to_have_value("芦荡食品有限公司")
    expect(page.get_by_label("统一社会信用代码")).to_have_value(WRONG)


def test_a_company_registers_on_a_phone_and_comes_back(phone: Page, park: Jurisdiction) -> None:
    phone.goto("/")
    look(phone, "home")
    phone.goto("/register")
    look(phone, "register")

    _register(phone)
    look(phone, "register-errors")
    phone.get_by_role("alert").get_by_role("link").first.click()
    expect(phone.get_by_label("统一社会信用代码")).to_be_focused()

    phone.get_by_label("统一社会信用代码").fill(GOOD)
    phone.get_by_label("设置密码").fill(PASSWORD)
    phone.get_by_role("button", name="注册", exact=True).click()
    look(phone, "register-code")
    phone.get_by_role("button", name="完成注册").click()
    look(phone, "register-code-errors")
    phone.get_by_label("验证码").fill(registration_code("13800000001"))
    phone.get_by_role("button", name="完成注册").click()
    expect(phone.get_by_role("banner")).to_contain_text("陈潮")
    look(phone, "signed-in")

    phone.get_by_role("button", name="退出").click()
    phone.get_by_role("link", name="登录").click()
    look(phone, "login")
    phone.get_by_label("手机号或邮箱").fill("13800000001")
    phone.get_by_label("密码").fill("wrong")
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_role("alert")).to_contain_text("登录名或密码不正确")
    look(phone, "login-errors")
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_role("button", name="退出")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_a_visitor_changes_the_language_and_stays_on_the_page(
    new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(size)
    page.goto("/login")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(re.compile(r"/login$"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    look(page, "login-en")
    page.goto("/")
    look(page, "home-en")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="您的企业要办什么事？")).to_be_visible()


def test_everything_works_without_javascript(new_page: NewPage, park: Jurisdiction) -> None:
    page = new_page(PHONE, java_script_enabled=False)
    _register(page)
    page.get_by_label("统一社会信用代码").fill(GOOD)
    page.get_by_label("设置密码").fill(PASSWORD)
    page.get_by_role("button", name="注册", exact=True).click()
    page.get_by_label("验证码").fill(registration_code("13800000001"))
    page.get_by_role("button", name="完成注册").click()
    expect(page.get_by_role("banner")).to_contain_text("陈潮")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(desktop: Page) -> None:
    desktop.goto("/login")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("link", name="跳到主要内容")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("main")).to_be_focused()
