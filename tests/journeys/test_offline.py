"""Without a connection: what was seen is there and says so, the rest is not; nothing outlives the login."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from qitong.demo.stage import Stage
from tests.journeys.conftest import PHONE, NewPage, axe, look

pytestmark = pytest.mark.journey
expect.set_options(timeout=15_000)

LIN, GREEN = "13800000001", "91310151MA1JK0001T"
KEPT = "caches.open('qitong-pages').then(c => c.keys()).then(keys => keys.map(k => new URL(k.url).pathname))"

TIME_IS_OVER = """(async () => {
  const pages = await caches.open("qitong-pages");
  for (const key of await pages.keys()) {
    const kept = await pages.match(key), headers = new Headers(kept.headers);
    headers.set("Qitong-Until", "1");
    await pages.put(key, new Response(await kept.text(), { headers }));
  }
})()"""


def sign_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("手机号或邮箱").fill(login)
    page.get_by_label("密码").fill("Correct-horse-7")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)")


def visit(page: Page, *addresses: str) -> None:
    """Look at pages and wait until the device has them."""
    for address in addresses:
        page.goto(address)
        page.wait_for_function(f"{KEPT}.then(paths => paths.includes({address!r}))")


def test_offline_shows_the_last_state_with_its_time_and_online_the_newest(phone: Page, today: Stage) -> None:
    case = today.submit(today.apply(GREEN, "business_licence", LIN), LIN)
    sign_in(phone, LIN)
    visit(phone, "/my", f"/my/cases/{case.number}")
    phone.context.set_offline(True)
    phone.goto("/my")
    expect(phone.get_by_text(re.compile("^离线：这是 .*月.*日.* 的内容。$"))).to_be_visible()
    expect(phone.get_by_text(str(case.number))).to_be_visible()
    look(phone, "offline-home")
    phone.goto(f"/my/cases/{case.number}")
    expect(phone.get_by_text(re.compile("离线：这是"))).to_be_visible()
    phone.goto("/my/projects")
    expect(phone.get_by_role("heading", name="没有连上网络")).to_be_visible()
    look(phone, "offline-nothing")

    phone.goto("/my")
    today.submit(today.apply(GREEN, "seal_filing", LIN), LIN)
    phone.context.set_offline(False)
    expect(phone.get_by_text("公章刻制备案")).to_be_visible()
    expect(phone.get_by_text(re.compile("离线：这是"))).to_have_count(0)


def test_what_is_sent_without_a_connection_says_that_it_was_not_submitted(phone: Page, today: Stage) -> None:
    draft = today.apply(GREEN, "business_licence", LIN)
    sign_in(phone, LIN)
    visit(phone, f"/my/drafts/{draft.pk}/check")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.get_by_role("heading", name="没有连上，没有提交")).to_be_visible()
    axe(phone)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not any(path.endswith("/receipt") for path in phone.evaluate(KEPT))


def test_nothing_is_left_after_signing_out(phone: Page, today: Stage) -> None:
    sign_in(phone, LIN)
    visit(phone, "/my")
    phone.get_by_role("button", name="退出").click()
    expect(phone.get_by_role("link", name="登录").first).to_be_visible()
    phone.wait_for_function(f"{KEPT}.then(paths => paths.length === 0)")
    phone.context.set_offline(True)
    phone.goto("/my")
    expect(phone.get_by_role("heading", name="没有连上网络")).to_be_visible()


def test_nothing_is_left_when_the_login_has_run_out(phone: Page, new_page: NewPage, today: Stage) -> None:
    sign_in(phone, LIN)
    visit(phone, "/my")
    phone.context.clear_cookies()
    phone.goto("/my/cases")  # leads to the login: nobody reads here any more
    phone.wait_for_function(f"{KEPT}.then(paths => paths.length === 0)")

    other = new_page(PHONE)
    sign_in(other, LIN)
    visit(other, "/my")
    other.evaluate(TIME_IS_OVER)
    other.context.set_offline(True)
    other.goto("/my")
    expect(other.get_by_role("heading", name="没有连上网络")).to_be_visible()
    assert other.evaluate(KEPT) == []
