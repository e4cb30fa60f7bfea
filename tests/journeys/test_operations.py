"""The administrator's page of stuck work, with something on it: retried and given up in a browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from qitong.automation import stuck
from qitong.demo.stage import Stage
from qitong.notifications.models import Channel, Delivery, Message, State
from tests.automation.queue import deferred, react_to_all
from tests.journeys.conftest import DESKTOP, NewPage, check
from tests.server.operations.conftest import die_doing, status_of

pytestmark = pytest.mark.journey

COMPANY, CLERK = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Two failed jobs and a message that its provider refused."""
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    react_to_all(stage.at)
    message = Message.objects.earliest("pk")
    refused = {"channel": Channel.MAIL, "state": State.DEAD, "error": "550 mailbox unavailable"}
    Delivery.objects.create(message=message, attempts=6, **refused)
    for number in range(2):
        stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
        job = deferred()[-1].pk
        die_doing(job, status="failed")
        at = stage.at + dt.timedelta(minutes=number)
        stuck.note(job_id=job, error="OSError: [Errno 28] No space left on device", at=at)
    return stage


def test_what_is_stuck_is_retried_and_given_up(
    new_page: NewPage, stage: Stage, live_server: LiveServer
) -> None:
    client, page = Client(), new_page(DESKTOP)
    client.force_login(stage.cast.user("admin"))
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto("/desk/operations")
    check(page, "operations")
    work = page.locator("main table").first
    first, second = [
        int(row.split(" · ")[0]) for row in work.locator("tbody td:nth-child(2)").all_inner_texts()
    ]
    row = work.locator("tbody tr").nth(0)
    row.get_by_role("button", name="重试").click()
    expect(page.get_by_role("status")).to_contain_text("已放回队列")
    work.locator("tbody summary").nth(0).click()
    page.get_by_label("理由").fill("已由人工通知企业")
    check(page, "operations-give-up")
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_role("status")).to_contain_text("已放弃")
    assert (status_of(first), status_of(second)) == ("todo", "cancelled")
    page.get_by_role("link", name="未送达的消息").click()
    expect(page.locator("main table").first).to_contain_text("550 mailbox unavailable")
