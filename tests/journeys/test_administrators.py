"""A security administrator comes in with an app, helps a company by looking, and the auditor reads of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from qitong.accounts import second
from qitong.accounts.logic import totp
from qitong.accounts.logic.oidc import Provider
from qitong.accounts.models import User
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.automation.queue import react_to_all
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, check

pytestmark = pytest.mark.journey

LIN, GUARD, AUDITOR = "13800000001", "security@qitong.example", "wu.hong@qitong.example"
REASON = "林小雨来电说看不到办件"


@pytest.fixture
def guarded(today: Stage, settings: Settings) -> Stage:
    settings.OFFICER_TOTP = "required"
    settings.OIDC = Provider("https://login.park.example", "qitong")
    return today


def _first_proof(page: Page, login: str) -> None:
    page.goto("/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("Correct-horse-7")
    page.locator("input[name=password]").press("Enter")


def _code(login: str) -> str:
    factor = User.objects.get(login=login).second_factor
    return totp.code_at(second.secret_of(factor), max(totp.step_of(now()), factor.last_step + 1))


def _enrol(page: Page, login: str) -> None:
    expect(page.get_by_role("heading", name="启用动态码")).to_be_visible()
    page.get_by_label("动态码", exact=True).fill(_code(login))
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_role("heading", name="请保存恢复码")).to_be_visible()


def test_from_the_app_to_the_audit(new_page: NewPage, guarded: Stage) -> None:
    desk = new_page(DESKTOP)
    desk.goto("/login")
    expect(desk.get_by_role("link", name="统一身份认证")).to_be_visible()
    check(desk, "login-provider")
    _first_proof(desk, GUARD)
    check(desk, "second-new")
    _enrol(desk, GUARD)
    check(desk, "second-codes")
    desk.get_by_role("link", name="已保存，继续").click()
    expect(desk.get_by_role("heading", name="用户")).to_be_visible()
    check(desk, "users")

    desk.get_by_role("searchbox", name="姓名、手机号或邮箱").fill(LIN)
    desk.get_by_role("button", name="查找", exact=True).click()
    desk.get_by_role("link", name="林**").click()
    desk.get_by_role("button", name="开始查看").click()
    expect(desk.get_by_role("alert")).to_contain_text("请填写理由")
    check(desk, "user-refused")
    desk.get_by_label("理由").last.fill(REASON)
    desk.get_by_role("button", name="开始查看").click()
    desk.goto("/my")
    expect(desk.get_by_role("complementary", name="以他人账号查看")).to_contain_text("林小雨")
    check(desk, "looking")
    desk.goto("/account")
    expect(desk.get_by_role("heading", name="查看时不能这样做")).to_be_visible()
    check(desk, "looking-refused")
    desk.get_by_role("button", name="结束查看").click()
    expect(desk.get_by_role("heading", name="林**")).to_be_visible()
    check(desk, "user")
    react_to_all(now())

    phone = new_page(PHONE)
    _first_proof(phone, LIN)
    phone.goto("/account/sessions")
    expect(phone.get_by_text(REASON)).to_be_visible()
    check(phone, "sessions")
    phone.goto("/messages")
    expect(phone.get_by_text(REASON)).to_be_visible()

    auditor = new_page(DESKTOP)
    _first_proof(auditor, AUDITOR)
    _enrol(auditor, AUDITOR)
    auditor.get_by_role("link", name="已保存，继续").click()
    auditor.get_by_role("link", name="审计", exact=True).click()
    auditor.get_by_label("种类").select_option(label="以他人账号查看")
    auditor.get_by_role("button", name="查找", exact=True).click()
    expect(auditor.get_by_role("region", name="台账").get_by_text("visit.started")).to_be_visible()
    check(auditor, "audit")


def test_the_second_proof_on_a_phone_without_a_script(new_page: NewPage, guarded: Stage) -> None:
    page = new_page(PHONE, java_script_enabled=False, locale="en-GB")
    _first_proof(page, GUARD)
    page.get_by_label("Authenticator code").fill(_code(GUARD))
    page.get_by_role("button", name="Start using it").click()
    page.get_by_role("link", name="I have kept them, continue").click()
    page.get_by_role("button", name="Sign out").first.click()
    _first_proof(page, GUARD)
    page.get_by_label("Authenticator code").fill(_code(GUARD))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
