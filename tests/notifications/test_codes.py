"""A login code on its way: the page leaves a job, the worker finds the reader and sends."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from pytest_django import Settings

from qitong.accounts import login_codes, officers
from qitong.accounts.actors import Actor
from qitong.accounts.login import check_code
from qitong.accounts.models import LoginCode
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.notifications import codes, queries, sending
from qitong.notifications.models import Channel, Delivery, Message, State
from tests.automation.queue import deferred

LOGIN, NOBODY = "13800000001", "13999999999"


def bring(at: dt.datetime) -> list[Message]:
    """What the worker does with the jobs left so far."""
    found = [codes.message_for(job.args["code_id"], at=at) for job in deferred(codes.JOB)]
    messages = [message for message in found if message is not None]
    for message in messages:
        sending.send(at=at, message=message)
    return messages


def test_the_console_shows_it_in_development_and_the_ledger_says_it_was_sent(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    code = codes.ask(login=LOGIN, at=stage.at)
    with caplog.at_level(logging.INFO, "qitong.messages"):
        [message] = bring(stage.at)
    assert login_codes.digits(code) in caplog.text
    entry = Entry.objects.get(kind="login.code_sent")
    assert (entry.stream, entry.body) == (
        stage.cast.user(LOGIN).ref,
        {"purpose": "sign_in", "channel": "console"},
    )
    assert Delivery.objects.get(message=message).state == State.SENT
    assert check_code(LOGIN, login_codes.digits(code), at=stage.at) == stage.cast.user(LOGIN)


def test_nothing_is_sent_to_a_login_that_nobody_has(stage: Stage) -> None:
    codes.ask(login=NOBODY, at=stage.at)
    assert len(deferred(codes.JOB)) == 1
    assert bring(stage.at) == []
    assert not Message.objects.exists()


def test_the_message_rests_without_the_digits_and_is_not_among_the_readers_messages(stage: Stage) -> None:
    digits = login_codes.digits(codes.ask(login=LOGIN, at=stage.at))
    [message] = bring(stage.at)
    message.refresh_from_db()
    assert digits not in str(message.sentence) + str(message.params)
    assert queries.inbox(stage.who(LOGIN)) == []


def test_bringing_it_again_sends_nothing_twice(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    codes.ask(login=LOGIN, at=stage.at)
    with caplog.at_level(logging.INFO, "qitong.messages"):
        assert bring(stage.at) == bring(stage.at)
    assert caplog.text.count("验证码是") == 1


def test_a_code_that_is_used_or_too_old_is_not_sent(stage: Stage) -> None:
    codes.ask(login=LOGIN, at=stage.at)
    [job] = deferred(codes.JOB)
    message = codes.message_for(job.args["code_id"], at=stage.at)
    assert message is not None
    assert sending.send(at=stage.at + login_codes.VALID, message=message) == 0
    assert Delivery.objects.get(message=message).state == State.OBSOLETE


def test_without_a_channel_it_says_not_configured_and_never_falls_back(
    stage: Stage, settings: Settings
) -> None:
    settings.PRODUCTION = True
    settings.NOTIFY_CHANNELS = [Channel.CONSOLE.value]
    for login in (LOGIN, NOBODY, "wang.fang@qitong.example"):
        with pytest.raises(Refused) as refusal:
            codes.ask(login=login, at=stage.at)
        assert refusal.value.code == "not_configured"
    assert not LoginCode.objects.exists()


def test_a_message_survives_when_old_codes_are_cleared(stage: Stage) -> None:
    codes.ask(login=LOGIN, at=stage.at)
    [message] = bring(stage.at)
    login_codes.clear(at=stage.at + dt.timedelta(days=2))
    message.refresh_from_db()
    assert message.code is None


def test_somebody_whose_account_is_closed_gets_none(stage: Stage) -> None:
    officers.close_user(user=stage.cast.user(LOGIN), by=Actor.system("test"), at=stage.at)
    codes.ask(login=LOGIN, at=stage.at)
    assert bring(stage.at) == []
