"""What one types survives: no connection, a login that ran out, a restart, another device, two at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from qitong.casework.drafts import answer_of
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.journeys.conftest import DESKTOP, PHONE, NewPage, axe, look
from tests.journeys.test_offline import GREEN, LIN, sign_in

pytestmark = pytest.mark.journey
expect.set_options(timeout=15_000)


@pytest.fixture
def draft(today: Stage) -> Case:
    return today.request(GREEN, LIN, "公交班次太少", "早晚只有两班车。")


def kept(draft: Case, field: str = "description") -> str:
    return answer_of(Case.objects.get(pk=draft.pk), field)


def at(draft: Case, key: str = "description") -> str:
    return f"/my/drafts/{draft.pk}/q/{key}"


def leave(page: Page) -> None:
    page.get_by_label("具体情况").press("Tab")


def test_a_phone_shows_one_question_and_a_desk_the_whole_form(
    phone: Page, desktop: Page, draft: Case
) -> None:
    sign_in(phone, LIN)
    phone.goto(at(draft, "title"))
    for key, title in (
        ("title", "一句话说明需求"),
        ("description", "具体情况"),
        ("contact_name", "联系人姓名"),
        ("contact_phone", "联系电话"),
    ):
        expect(phone.locator("h3.ask:visible")).to_have_text([title])
        expect(phone.locator("main .button.primary:visible")).to_have_count(1)
        assert at(draft, key) in phone.url
        phone.get_by_role("button", name="下一步").click()
    expect(phone.get_by_role("heading", name="提交前请核对")).to_be_visible()
    phone.go_back()
    expect(phone.locator("h3.ask:visible")).to_have_text(["联系电话"])

    sign_in(desktop, LIN)
    desktop.goto(at(draft, "title"))
    expect(desktop.locator("h3.ask:visible")).to_have_count(4)
    desktop.get_by_label("联系电话").fill("021-59610001")
    desktop.locator("#part-contact").get_by_role("button", name="保存这一部分").click()
    expect(desktop.get_by_role("heading", name="提交前请核对")).to_be_visible()
    assert kept(draft, "contact_phone") == "021-59610001"


def test_typed_without_a_connection_it_is_saved_when_there_is_one_again(phone: Page, draft: Case) -> None:
    sign_in(phone, LIN)
    phone.goto(at(draft))
    phone.context.set_offline(True)
    phone.get_by_label("具体情况").fill("断网时写的")
    leave(phone)
    expect(phone.locator("form .saved:visible")).to_contain_text("已存在这台设备上")
    phone.get_by_role("button", name="下一步").click()
    expect(phone.get_by_label("具体情况")).to_have_value("断网时写的")
    phone.reload()
    expect(phone.get_by_label("具体情况")).to_have_value("断网时写的")
    phone.context.set_offline(False)
    for _ in range(200):  # it is sent, and the page is fetched anew, in either order
        if kept(draft, "description") == "断网时写的":
            break
        phone.wait_for_timeout(100)
    phone.goto(f"/my/drafts/{draft.pk}/check")
    expect(phone.get_by_text("断网时写的")).to_be_visible()


def test_typed_when_the_login_had_run_out_it_is_there_after_signing_in(
    phone: Page, new_page: NewPage, draft: Case
) -> None:
    sign_in(phone, LIN)
    phone.goto(at(draft))
    phone.context.clear_cookies(name="sessionid")
    phone.get_by_label("具体情况").fill("过期时写的")
    leave(phone)
    expect(phone.locator("form .saved:visible")).to_contain_text("登录已过期")
    axe(phone)
    phone.get_by_role("button", name="下一步").click()
    _sign_in_again(phone)
    expect(phone.get_by_label("具体情况")).to_have_value("过期时写的")
    phone.get_by_role("button", name="下一步").click()
    expect(phone.locator("h3.ask:visible")).to_have_text(["联系人姓名"])
    assert kept(draft) == "过期时写的"

    plain = new_page(PHONE, java_script_enabled=False)
    plain.goto("/login")
    _sign_in_again(plain)
    plain.goto(at(draft))
    plain.context.clear_cookies(name="sessionid")
    plain.get_by_label("具体情况").fill("没有脚本时写的")
    plain.get_by_role("button", name="下一步").click()
    _sign_in_again(plain)
    expect(plain.get_by_label("具体情况")).to_have_value("没有脚本时写的")
    expect(plain.get_by_text("登录过期前填写的内容还在")).to_be_visible()
    plain.get_by_role("button", name="下一步").click()
    expect(plain.locator("h3.ask:visible")).to_have_text(["联系人姓名"])
    assert kept(draft) == "没有脚本时写的"


def _sign_in_again(page: Page) -> None:
    page.get_by_label("手机号或邮箱").fill(LIN)
    page.get_by_label("密码").fill("Correct-horse-7")
    page.get_by_role("button", name="登录", exact=True).click()


def test_of_two_devices_neither_loses_what_it_typed(phone: Page, new_page: NewPage, draft: Case) -> None:
    desk = new_page(DESKTOP)
    for page in (phone, desk):
        sign_in(page, LIN)
        page.goto(at(draft))
    phone.get_by_label("具体情况").fill("手机上写的")
    leave(phone)
    expect(phone.locator("form .saved:visible")).to_contain_text("已保存")
    desk.get_by_label("具体情况").fill("电脑上写的")
    leave(desk)
    expect(desk.locator(".elsewhere:visible")).to_contain_text("手机上写的")
    expect(desk.get_by_label("具体情况")).to_have_value("电脑上写的")
    assert kept(draft) == "手机上写的"
    look(desk, "draft-two-devices")
    desk.reload()
    expect(desk.locator(".elsewhere:visible")).to_contain_text("手机上写的")
    expect(desk.get_by_label("具体情况")).to_have_value("电脑上写的")
    desk.get_by_role("button", name="用我写的").click()
    expect(desk.locator("#part-need .saved")).to_contain_text("已保存")
    assert kept(draft) == "电脑上写的"

    phone.get_by_label("具体情况").fill("手机又写的")
    leave(phone)
    phone.get_by_role("button", name="用另一处的").click()
    expect(phone.get_by_label("具体情况")).to_have_value("电脑上写的")
    phone.goto(f"/my/drafts/{draft.pk}")
    assert kept(draft) == "电脑上写的"


def test_a_draft_is_gone_on_with_after_a_restart_and_on_another_device(
    browser_page: Page, restarted: LiveServer, draft: Case, new_page: NewPage
) -> None:
    page = browser_page
    page.get_by_label("手机号或邮箱").fill(LIN)
    page.get_by_label("密码").fill("Correct-horse-7")
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto(f"{restarted.url}{at(draft)}")
    restarted.stop()
    page.route("**/*", lambda route: route.abort("connectionrefused"))  # connections already open go on
    page.get_by_label("具体情况").fill("停机时写的")
    leave(page)
    expect(page.locator("form .saved:visible")).to_contain_text("已存在这台设备上")
    again = LiveServer(restarted.url.removeprefix("http://"))
    try:
        page.unroute("**/*")
        page.reload()
        expect(page.get_by_label("具体情况")).to_have_value("停机时写的")
        expect(page.locator("form .saved:visible")).to_contain_text("恢复")
    finally:
        page.goto("about:blank")
        again.stop()
    assert kept(draft) == "停机时写的"
    other = new_page(DESKTOP)
    sign_in(other, LIN)
    other.goto(f"/my/drafts/{draft.pk}")
    other.goto(at(draft))
    expect(other.get_by_label("具体情况")).to_have_value("停机时写的")


class Again(ThreadedWSGIServer):
    """May take the address of the one that was stopped."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "allow_reuse_address": True})


@pytest.fixture
def restarted(today: Stage, monkeypatch: pytest.MonkeyPatch) -> LiveServer:
    """A server of the test's own, which it may stop."""
    monkeypatch.setattr(LiveServerThread, "server_class", Again)
    return LiveServer("localhost:0")


@pytest.fixture
def browser_page(new_page: NewPage, restarted: LiveServer) -> Page:
    page = new_page(PHONE, service_workers="block")
    page.goto(f"{restarted.url}/login")
    return page
