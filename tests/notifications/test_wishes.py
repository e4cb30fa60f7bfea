"""Which messages go out by mail and SMS, and when they wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from qitong.accounts.actors import Actor
from qitong.casework import intake, reminding, sweep
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import SHANGHAI
from qitong.ledger.models import Entry
from qitong.notifications import preferences, sending
from qitong.notifications.lines import group_of
from qitong.notifications.logic.wishes import CHOSEN, USUAL, Group, Wishes
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.notifications.tells import TELLS
from tests.automation.queue import react_to_all
from tests.notifications import sms_gateway, smtp_server
from tests.notifications.reading import CLERK, COMPANY, OFFICER

TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
MOMENTS = st.integers(10**9, 4 * 10**9).map(lambda second: dt.datetime.fromtimestamp(second, SHANGHAI))


@pytest.fixture
def post(settings: Settings) -> Iterator[smtp_server.Post]:
    with smtp_server.running() as post:
        settings.MAIL_SERVER = post.server()
        yield post


@pytest.fixture
def carrier(settings: Settings) -> Iterator[sms_gateway.Carrier]:
    with sms_gateway.running() as carrier:
        settings.SMS_GATEWAY = carrier.gateway()
        yield carrier


def hand_in(stage: Stage) -> None:
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    react_to_all(stage.at)


def choose(stage: Stage, login: str, **changed: object) -> None:
    given: dict[str, Any] = {
        "mail": USUAL.mail,
        "sms": USUAL.sms,
        "quiet_from": None,
        "quiet_until": None,
    } | changed
    preferences.choose(**given, by=stage.who(login), at=stage.at)


def texted(carrier: sms_gateway.Carrier, phone: str) -> list[dict[str, Any]]:
    return [sent for sent in carrier.taken.values() if sent["phone"] == phone]


def states(channel: Channel) -> list[str]:
    return list(Delivery.objects.filter(channel=channel).order_by("pk").values_list("state", flat=True))


def at_hour(stage: Stage, hour: int) -> dt.datetime:
    return stage.at.astimezone(SHANGHAI).replace(hour=hour, minute=0)


@given(at=MOMENTS, quiet_from=TIMES, quiet_until=TIMES)
def test_what_waits_goes_out_when_the_quiet_hours_end_and_within_a_day(
    at: dt.datetime, quiet_from: dt.time, quiet_until: dt.time
) -> None:
    wishes = Wishes(quiet_from=quiet_from, quiet_until=quiet_until)
    begins = wishes.not_before(at)
    assert at <= begins < at + dt.timedelta(days=1)
    assert begins == at or begins.astimezone(SHANGHAI).time() == quiet_until
    assert wishes.not_before(begins) == begins or quiet_from == quiet_until


def test_by_default_what_asks_for_a_deed_goes_by_mail_and_progress_stays_in_the_app(
    stage: Stage, post: smtp_server.Post, carrier: sms_gateway.Carrier
) -> None:
    hand_in(stage)
    sending.send(at=stage.at)
    [mail] = post.taken
    assert mail["To"] == OFFICER
    assert "由您负责到底" in mail.get_content()
    assert "QT26-" in mail["Subject"]
    assert texted(carrier, CLERK) == []
    assert Message.objects.filter(group="progress", recipient=stage.cast.user(CLERK)).exists()


def test_a_legal_notice_reaches_the_company_by_sms_although_all_is_switched_off(
    stage: Stage, carrier: sms_gateway.Carrier
) -> None:
    choose(stage, CLERK, mail=(), sms=())
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    stage.submit(case, CLERK)
    stage.accept(case)
    react_to_all(stage.at)
    sending.send(at=stage.at)
    [sent] = texted(carrier, CLERK)
    assert sent["template"] == "case.accept.1"
    assert "已受理" in sent["text"]
    assert set(sent["named"]) == {"title", "number", "promise_due_on"}


def test_an_officer_who_reminds_the_company_reaches_its_phone(
    stage: Stage, carrier: sms_gateway.Carrier
) -> None:
    case = stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    intake.notify_correction(case_id=case.pk, text="请补一份报关单。", by=stage.owner(case), at=stage.tick())
    reminding.remind_company(case_id=case.pk, by=stage.owner(case), at=stage.tick())
    react_to_all(stage.at)
    sending.send(at=stage.at)
    templates = [sent["template"] for sent in texted(carrier, CLERK)]
    assert templates == ["case.notify_correction.1", "case.remind_company.1"]


@pytest.mark.parametrize("kind", ["task.assign", "desk.handed_over"])
def test_whoever_is_handed_work_is_asked_to_act(kind: str) -> None:
    receiver, others = TELLS[kind]
    assert group_of(kind, receiver) is Group.TODO
    assert group_of(kind, others) is Group.PROGRESS


def test_what_somebody_chose_for_progress_goes_out_too(stage: Stage, carrier: sms_gateway.Carrier) -> None:
    choose(stage, CLERK, sms=CHOSEN)
    hand_in(stage)
    sending.send(at=stage.at)
    assert [sent["template"] for sent in texted(carrier, CLERK)] == ["case.submit.1"]


def test_switched_off_before_sending_it_is_not_sent(stage: Stage, post: smtp_server.Post) -> None:
    hand_in(stage)
    choose(stage, "wang.fang", mail=())
    assert sending.send(at=stage.at) == 0
    assert states(Channel.MAIL) == [State.OBSOLETE]
    assert post.taken == []


def test_in_the_quiet_hours_it_waits_for_the_morning_and_is_not_lost(
    stage: Stage, post: smtp_server.Post
) -> None:
    hand_in(stage)
    night, morning = at_hour(stage, 23), at_hour(stage, 8) + dt.timedelta(days=1)
    assert sending.send(at=night) == 0
    waiting = Delivery.objects.get(channel=Channel.MAIL)
    assert (waiting.state, waiting.attempts, waiting.next_attempt_at) == (State.PENDING, 0, morning)
    assert sending.send(at=morning - dt.timedelta(minutes=1)) == 0
    assert sending.send(at=morning) == 1
    assert len(post.taken) == 1


def test_what_comes_up_at_night_is_in_the_app_at_once(stage: Stage, post: smtp_server.Post) -> None:
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    night = at_hour(stage, 23)
    react_to_all(night)
    morning = at_hour(stage, 8) + dt.timedelta(days=1)
    assert Delivery.objects.get(channel=Channel.MAIL).next_attempt_at == morning
    assert states(Channel.INAPP) == [State.SENT, State.SENT]


def test_one_reminder_a_day_reaches_the_reader_even_when_one_waited(
    stage: Stage, post: smtp_server.Post
) -> None:
    hand_in(stage)
    sending.send(at=stage.at)
    post.taken.clear()
    for _ in range(2):
        stage.days(2)
        sweep.run(by=Actor.system("sweep"), at=stage.at)
        react_to_all(stage.at)
    kind = "reminder.contact_overdue"
    assert Entry.objects.filter(kind=kind).count() == 2
    sending.send(at=stage.at)
    mine = Delivery.objects.filter(channel=Channel.MAIL, message__kind=kind, message__recipient__name="王芳")
    assert sorted(mine.values_list("state", flat=True)) == [State.OBSOLETE, State.SENT]


def test_the_choice_is_in_the_ledger_and_read_back(stage: Stage) -> None:
    choose(stage, CLERK, mail={Group.PROGRESS}, quiet_from=dt.time(22), quiet_until=dt.time(7))
    user = stage.cast.user(CLERK)
    assert preferences.wishes_of([user.pk])[user.pk].mail == {Group.PROGRESS}
    assert Entry.objects.get(kind="notifications.chosen").body == {
        "mail": ["progress"],
        "sms": ["todo", "reminder"],
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    }


@pytest.mark.parametrize(("begins", "ends"), [(dt.time(22), None), (dt.time(7), dt.time(7))])
def test_half_quiet_hours_are_refused(stage: Stage, begins: dt.time, ends: dt.time | None) -> None:
    with pytest.raises(Refused) as refusal:
        choose(stage, CLERK, quiet_from=begins, quiet_until=ends)
    assert (refusal.value.code, refusal.value.field) == ("quiet", "quiet_until")


def test_somebody_without_an_address_is_told_in_the_app_only(stage: Stage, post: smtp_server.Post) -> None:
    choose(stage, CLERK, mail=CHOSEN)
    hand_in(stage)
    [mailed] = Delivery.objects.filter(channel=Channel.MAIL)
    assert mailed.message.recipient == stage.cast.user("wang.fang")
