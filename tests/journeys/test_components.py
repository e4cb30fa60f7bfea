from __future__ import annotations

import json

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.journeys.conftest import DESKTOP, NewPage, check

pytestmark = [pytest.mark.journey, pytest.mark.urls("tests.web_common.sheet")]


@pytest.mark.parametrize("address", ["/gallery", "/gallery/workbench"])
def test_every_component_is_accessible_in_both_themes_and_languages(new_page: NewPage, address: str) -> None:
    page = new_page(DESKTOP)
    page.goto(address)
    check(page, address.strip("/").replace("/", "-"))


def test_what_is_typed_is_saved_and_survives_a_lost_connection(desktop: Page) -> None:
    online, saved = True, []

    def autosave(route: Route) -> None:
        if not online:
            route.abort()
            return
        saved.append(route.request.post_data)
        route.fulfill(status=200, content_type="application/json", body=json.dumps({"saved_at": "10:32"}))

    desktop.route("**/autosave", autosave)
    desktop.goto("/sheet/portal")
    note = desktop.locator(".saved")
    desktop.get_by_label("Name").fill("Reed")
    desktop.get_by_label("Beta").check()
    expect(note).to_have_text("已保存 10:32")
    assert saved == ["field=name&value=Reed", "field=kind&value=b"], "saved is said when all is"

    online = False
    desktop.get_by_label("Text").fill("typed in a tunnel")
    desktop.get_by_label("Name").focus()
    expect(note).to_contain_text("已存在这台设备上")

    online = True
    desktop.reload()
    expect(desktop.get_by_label("Text")).to_have_value("typed in a tunnel")
    expect(note).to_contain_text("已从这台设备恢复")
    assert saved[-1] == "field=text&value=typed+in+a+tunnel"


def test_what_waits_behind_a_slow_request_is_kept_and_not_called_saved(desktop: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desktop.route("**/autosave", hold)
    desktop.goto("/sheet/portal")
    note = desktop.locator(".saved")
    desktop.get_by_label("Name").fill("Reed")
    with desktop.expect_request("**/autosave"):
        desktop.get_by_label("Beta").check()
    with desktop.expect_request("**/autosave") as second:  # the kind, after the name
        held[0].fulfill(status=200, content_type="application/json", body='{"saved_at": "10:32"}')
    assert second.value.post_data == "field=kind&value=b"
    expect(note).to_have_text("")

    desktop.reload()
    expect(desktop.get_by_label("Beta")).to_be_checked()
    expect(desktop.get_by_label("Name")).to_have_value("")  # this one the server has


def test_what_was_left_on_this_device_is_sent_when_the_page_is_next_open(desktop: Page) -> None:
    saved = []

    def autosave(route: Route) -> None:
        saved.append(route.request.post_data)
        route.fulfill(status=200, content_type="application/json", body=json.dumps({"saved_at": "10:32"}))

    desktop.route("**/autosave", autosave)
    desktop.goto("/sheet/portal")
    left = json.dumps({"name": {"values": ["kept"]}, "gone": {"values": ["x"]}})
    desktop.evaluate("(left) => localStorage.setItem('qitong::/autosave', left)", left)
    desktop.reload()
    expect(desktop.locator(".saved")).to_contain_text("已从这台设备恢复")
    assert saved == ["field=name&value=kept"]
    expect(desktop.get_by_label("Name")).to_have_value("kept")


def test_a_double_click_sends_once(desktop: Page) -> None:
    sent = []

    def count(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
        route.fulfill(status=204)

    desktop.goto("/sheet/portal")
    desktop.route("**/sheet/portal", count)
    desktop.get_by_role("button", name="Send").dblclick()
    desktop.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_destructive_deed_asks_first(desktop: Page) -> None:
    asked = []

    def decline(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    desktop.on("dialog", decline)
    desktop.goto("/sheet/portal")
    desktop.get_by_role("button", name="Remove").click()
    expect(desktop.get_by_role("heading", name="CASE-7")).to_be_visible()
    assert asked == ["Sure?"]
