"""A company's person comes in with a code and sees to the account, the company, and what is sent where."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode, User
from qitong.demo.stage import Stage
from qitong.notifications.logic.providers import MailServer, SmsGateway
from tests.journeys.conftest import PHONE, NewPage, look

pytestmark = pytest.mark.journey

LIN, NEW = "13800000001", "13922223333"


@pytest.fixture
def world(today: Stage, settings: Settings) -> None:
    settings.MAIL_SERVER = MailServer("127.0.0.1", 1, "office@park.cn")
    settings.SMS_GATEWAY = SmsGateway("http://127.0.0.1:1/", "park", "secret")


def code_for(whose: str) -> str:
    return digits(LoginCode.objects.get(whose=whose, ended=""))


def _come_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("手机号或邮箱").fill(login)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("heading", name="填写验证码")).to_be_visible()
    assert not re.search(r"\d{6}", page.url.partition("/login")[2])


def test_on_a_phone_without_javascript(new_page: NewPage, world: None) -> None:
    page = new_page(PHONE, java_script_enabled=False)
    _come_in(page, LIN)
    page.get_by_label("验证码").fill("12")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("请填写6位数字验证码")
    page.get_by_label("验证码").fill(" ".join(code_for(LIN)))
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto("/account/password")
    page.get_by_role("button", name="改用验证码").click()
    page.get_by_label("验证码").fill(code_for(User.objects.get(login=LIN).ref))
    page.get_by_label("新密码").fill("Neue-Saat-2027")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("新密码已生效")
    page.goto("/account/notifications")
    page.get_by_label("办理进展：短信").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_label("办理进展：短信")).to_be_checked()


def test_every_page_of_the_account_is_accessible(new_page: NewPage, world: None) -> None:
    page = new_page(PHONE)
    _come_in(page, LIN)
    look(page, "login-code")
    page.get_by_label("验证码").fill(code_for(LIN))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    for name in ("account", "account/notifications", "account/address", "account/password", "my/company"):
        page.goto(f"/{name}")
        look(page, name.replace("/", "-"))
    page.get_by_role("link", name="添加人员").click()
    look(page, "member-add")
    page.get_by_label("手机号或邮箱").fill(NEW)
    page.get_by_label("姓名").fill("周办")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("对方用13922223333获取验证码登录")
    page.get_by_role("link", name=re.compile("周办")).click()
    look(page, "member")
