"""Who can get a policy is told when its window opens and before it closes, once, and not in vain."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from qitong.accounts.actors import actor_for
from qitong.accounts.enterprises import Registration
from qitong.automation.schedule import call_windows
from qitong.demo.stage import Stage
from qitong.kernel.limits import SHANGHAI
from qitong.ledger.models import Entry
from qitong.notifications import sending
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.policies import applying, calling, facts, publish, suitability
from qitong.policies.logic.package import Thing
from qitong.policies.models import Call, Notice
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, SYSTEM, TEXT, company, library, loaded
from tests.policies.played import GREEN, HE, LIN, TIDE

pytestmark = pytest.mark.django_db
OPENS = TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2026-12-01, close: 2026-12-31")
OPENED = dt.datetime(2026, 12, 1, 0, 5, tzinfo=SHANGHAI)
NEAR = dt.datetime(2026, 12, 17, 9, 0, tzinfo=SHANGHAI)
"""Ten working days before the 31st."""


def told() -> list[tuple[str, str]]:
    rows = Message.objects.filter(kind__startswith="policy.window").order_by("pk")
    return [(row.kind.removeprefix("policy.window_"), row.recipient.login) for row in rows]


def go(at: dt.datetime) -> None:
    call_windows(at=at)
    react_to_all(at)


def test_once_when_it_opens_and_once_before_it_closes_however_often_it_runs() -> None:
    made, _far = company(1, 60), company(2, 10)
    loaded(text=OPENS)
    react_to_all(AT)
    login = made.administrator.login
    go(OPENED - dt.timedelta(hours=1))
    assert told() == []
    for hours in (0, 1, 30):
        go(OPENED + dt.timedelta(hours=hours))
    assert told() == [("opens", login)]
    go(NEAR - dt.timedelta(days=1))
    assert told() == [("opens", login)]
    for days in (0, 1, 5):
        go(NEAR + dt.timedelta(days=days))
    assert told() == [("opens", login), ("closes", login)]
    kinds = Entry.objects.filter(stream=f"enterprise:{made.enterprise.pk}", kind__startswith="policy.window")
    assert [entry.body["closes_on"] for entry in kinds] == ["2026-12-31", "2026-12-31"]
    assert Notice.objects.count() == 2


def test_a_missed_day_is_made_up_for_while_the_window_is_open_and_not_after_it() -> None:
    company(1, 60)
    loaded(text=OPENS)
    go(dt.datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI))
    assert not Notice.objects.exists()
    go(dt.datetime(2026, 12, 31, 9, 0, tzinfo=SHANGHAI))
    assert {row.kind for row in Notice.objects.all()} == {"opens", "closes"}


def test_who_was_just_told_of_gaining_it_is_not_told_of_its_window_as_well() -> None:
    company(1, 60)
    loaded(text=TEXT)  # open since the first of November
    go(AT)
    assert not Notice.objects.exists()
    assert Call.objects.get().done_at == AT


def test_what_was_declared_unsuitable_is_left_alone() -> None:
    made = company(1, 60)
    loaded(text=OPENS)
    unwanted(made, AT)
    go(NEAR)
    assert told() == []


def unwanted(made: Registration, at: dt.datetime) -> None:
    by = actor_for(made.administrator, on=at.date())
    suitability.declare(
        enterprise_id=made.enterprise.pk, thing=Thing.POLICY, code=CODE, reason="no_need", by=by, at=at
    )


def test_who_has_handed_in_an_application_is_left_alone_and_who_has_a_draft_is_not(stage: Stage) -> None:
    publish.load(library(OPENS), by=SYSTEM, at=stage.at)
    held = {uscc: (stage.cast.company(uscc), stage.who(login)) for uscc, login in ((GREEN, LIN), (TIDE, HE))}
    for made, by in held.values():
        for name, value in (("green_spent", 60), ("green_sales", 1000)):
            facts.answer(enterprise_id=made.pk, name=name, value=value, by=by, at=stage.at)
    react_to_all(stage.at)
    stage.at = OPENED + dt.timedelta(hours=10)
    for uscc, (made, by) in held.items():
        case = applying.apply(enterprise_id=made.pk, policy=CODE, by=by, at=stage.tick())
        if uscc == TIDE:
            stage.submit(case, HE)
    go(NEAR)
    assert set(told()) == {("opens", LIN), ("closes", LIN)}


def test_what_was_done_meanwhile_is_not_sent_after_the_quiet_hours() -> None:
    made = company(1, 60)
    loaded(text=OPENS)
    react_to_all(AT)
    go(OPENED)  # at night: mail waits for the morning
    waiting = Delivery.objects.filter(message__kind="policy.window_opens").exclude(channel=Channel.INAPP)
    Delivery.objects.filter(message__kind="policy.gained").update(
        state=State.SENT, sent_at=AT, next_attempt_at=None
    )
    unwanted(made, OPENED)
    sending.send(at=OPENED + dt.timedelta(hours=12))
    assert {row.state for row in waiting} <= {State.OBSOLETE, State.SENT}
    assert not waiting.filter(state=State.SENT).exclude(channel=Channel.CONSOLE).exists()


def test_batches_go_on_where_a_worker_stopped_and_repeat_nobody() -> None:
    for number in range(1, 8):
        company(number, 60)
    loaded(text=OPENS)
    calling.ask(OPENED.date())
    call = Call.objects.get()
    assert calling.step(call.pk, by=SYSTEM, at=OPENED, batch=3) == 3
    Call.objects.filter(pk=call.pk).update(cursor=0)  # as if the worker had forgotten
    assert calling.run(by=SYSTEM, at=OPENED, batch=3) == 4
    assert Notice.objects.count() == 7


def test_a_window_that_was_moved_is_told_of_as_it_is_announced_now() -> None:
    company(1, 60)
    loaded(text=OPENS)
    calling.ask(OPENED.date())
    later = OPENED + dt.timedelta(hours=1)
    publish.load(library(OPENS.replace("open: 2026-12-01", "open: 2026-12-20")), by=SYSTEM, at=later)
    assert calling.run(by=SYSTEM, at=later) == 0
    assert not Notice.objects.exists()


def test_the_sentences_in_both_languages() -> None:
    company(1, 60)
    loaded(text=OPENS)
    go(NEAR)
    rows = {row.kind: row for row in Message.objects.filter(kind__startswith="policy.window")}
    assert str(rows["policy.window_opens"].sentence) == (
        "“绿色投入奖励”已开始申报，2026年12月31日（周四）截止。第1企业有限公司符合条件，请在截止前提交申请。"
    )
    with translation.override("en"):
        closing = str(rows["policy.window_closes"].sentence)
    assert "Award for green spending" in closing
    assert "None" not in closing
