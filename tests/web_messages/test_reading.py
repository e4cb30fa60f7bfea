from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.kernel.words import Named
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.web.common import messages
from qitong.web.common.dates import day_of, shown
from tests.automation.queue import react_to_all
from tests.web_messages.conftest import HE, LIN, owner_of, read, signed_in

SENTENCE = re.compile(r'<p class="said">(.*?)</p>')


def test_a_company_reads_what_it_was_told_with_the_day_and_the_way_to_the_case(
    stage: Stage, case: Case
) -> None:
    page = read(signed_in(stage, LIN))
    assert f"已提交，编号{case.number}。首问负责人" in page
    assert f'href="/my/cases/{case.number}"' in page
    assert shown(day_of(stage.at)) in page
    assert "/desk/" not in page


def test_an_officer_is_led_to_the_workbench(stage: Stage, case: Case) -> None:
    page = read(owner_of(stage, case))
    assert "由您负责到底" in page
    assert f'href="/desk/cases/{case.number}"' in page
    assert "/my/" not in page


def test_nobody_reads_what_another_was_told(stage: Stage, case: Case) -> None:
    page = read(signed_in(stage, HE))
    assert "还没有消息" in page
    assert str(case.number) not in page


def test_who_left_the_company_keeps_the_message_but_not_the_way_to_the_case(stage: Stage, case: Case) -> None:
    lin = stage.cast.user(LIN)
    lin.memberships.all().delete()
    page = read(signed_in(stage, LIN))
    assert f"编号{case.number}" in page
    assert f"/cases/{case.number}" not in page


def test_the_newest_stands_first_and_the_earlier_ones_are_one_step_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "SIZE", 2)
    for number in range(3):
        _tell(stage, LIN, f"第{number}条。")
    client = signed_in(stage, LIN)
    first = read(client)
    assert SENTENCE.findall(first) == ["第2条。", "第1条。"]
    assert "最新的消息" not in first
    [earlier] = re.findall(r'href="(\?before=\d+)"', first)
    second = read(client, f"/messages{earlier}")
    assert SENTENCE.findall(second) == ["第0条。"]
    assert "更早的消息 →" not in second
    assert "最新的消息" in second


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 40])
def test_a_place_that_is_no_number_shows_the_newest(stage: Stage, case: Case, before: str) -> None:
    assert f"编号{case.number}" in read(signed_in(stage, LIN), f"/messages?before={before}")


def test_before_the_first_message_there_is_a_way_back(stage: Stage, case: Case) -> None:
    page = read(signed_in(stage, LIN), "/messages?before=1")
    assert "没有更早的消息了" in page
    assert "最新的消息" in page


def test_a_visitor_signs_in_first(db: None, client: Client) -> None:
    answer = client.get("/messages")
    assert (answer.status_code, answer["Location"]) == (302, "/login?next=/messages")


def test_the_page_speaks_english(stage: Stage, case: Case) -> None:
    client = signed_in(stage, LIN)
    client.cookies["django_language"] = "en"
    page = read(client)
    assert "<h1>Messages</h1>" in page
    assert "Unread</span>" in page
    assert f'Open case <span class="no">{case.number}</span>' in page
    assert case.item_version is not None
    assert Named(case.item_version.name_zh, case.item_version.name_en).en in page


def test_a_page_asks_the_same_for_one_message_and_for_many(stage: Stage, case: Case) -> None:
    client = signed_in(stage, LIN)
    read(client)
    few = _count(client)
    for _ in range(3):
        other = stage.submit(stage.apply(case.enterprise.uscc, "seal_filing", LIN), LIN)
    react_to_all(stage.at)
    assert str(other.number) in read(client)
    # who: 4; unread messages, for the head and for the button: 2; messages; cases one may see
    assert _count(client) == few <= 8


def _count(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        read(client)
    return len(asked)


def _tell(stage: Stage, login: str, text: str) -> None:
    message = Message.objects.create(
        recipient=stage.cast.user(login),
        kind="case.submit",
        text=text,
        at=stage.at,
        created_at=stage.at,
        dedupe=f"test:{text}",
    )
    Delivery.objects.create(message=message, channel=Channel.INAPP, state=State.SENT, sent_at=stage.at)
