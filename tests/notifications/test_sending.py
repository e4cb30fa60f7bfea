"""A message is sent only after the provider accepted it, never twice, and never lost."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import DjangoCaptureOnCommitCallbacks

from qitong.demo.stage import Stage
from qitong.notifications import channels, sending
from qitong.notifications.channels import Adapter, NeverError, NotNowError, Outgoing
from qitong.notifications.models import Channel, Delivery, State
from tests.automation.queue import deferred, react_to_all
from tests.notifications.reading import CLERK, COMPANY


@dataclass
class Provider:
    """Takes messages as real ones do: what it has seen under a key it does not do again."""

    error: Exception | None = None
    after_accepting: BaseException | None = None
    calls: list[uuid.UUID] = field(default_factory=list)
    accepted: dict[uuid.UUID, str] = field(default_factory=dict)

    def send(self, message: Outgoing) -> None:
        self.calls.append(message.key)
        if self.error:
            raise self.error
        self.accepted.setdefault(message.key, message.text)
        if self.after_accepting:
            raise self.after_accepting


def adapters(provider: Adapter) -> dict[Channel, Adapter]:
    return {Channel.CONSOLE: provider}


@pytest.fixture
def waiting(stage: Stage) -> list[Delivery]:
    """The deliveries of a submission: to the company and to the owner."""
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    react_to_all(stage.at)
    found = list(Delivery.objects.filter(state=State.PENDING).order_by("pk"))
    assert len(found) == 2
    return found


def test_messages_are_sent_once_in_the_readers_language(stage: Stage, waiting: list[Delivery]) -> None:
    provider = Provider()
    assert sending.send(at=stage.at, adapters=adapters(provider)) == 2
    assert sending.send(at=stage.at, adapters=adapters(provider)) == 0
    assert provider.calls == [d.key for d in waiting]
    first = Delivery.objects.get(pk=waiting[0].pk)
    assert (first.state, first.sent_at, first.attempts) == (State.SENT, stage.at, 1)


def test_what_the_provider_refuses_is_tried_again_later_and_then_given_up(
    stage: Stage, waiting: list[Delivery]
) -> None:
    provider, at = Provider(error=NotNowError("busy")), stage.at
    one = waiting[0]
    for wait in sending.WAITS:
        sending.send(at=at, adapters=adapters(provider))
        one.refresh_from_db()
        assert (one.state, one.sent_at, one.next_attempt_at) == (State.FAILED, None, at + wait)
        assert sending.send(at=at + wait / 2, adapters=adapters(provider)) == 0
        at += wait
    sending.send(at=at, adapters=adapters(provider))
    one.refresh_from_db()
    assert (one.state, one.next_attempt_at, one.error) == (State.DEAD, None, "NotNowError: busy")
    assert provider.calls.count(one.key) == len(sending.WAITS) + 1


def test_what_can_never_be_sent_is_dead_at_once(stage: Stage, waiting: list[Delivery]) -> None:
    sending.send(at=stage.at, adapters=adapters(Provider(error=NeverError("no such number"))))
    assert {d.state for d in Delivery.objects.filter(channel=Channel.CONSOLE)} == {State.DEAD}


def test_killed_between_the_providers_yes_and_ours_it_is_neither_lost_nor_done_twice(
    stage: Stage, waiting: list[Delivery]
) -> None:
    provider = Provider(after_accepting=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        sending.send(at=stage.at, adapters=adapters(provider))
    assert len(provider.accepted) == 1
    assert Delivery.objects.filter(state=State.SENT, channel=Channel.CONSOLE).count() == 0
    provider.after_accepting = None
    # nobody else tries while the reservation holds
    assert sending.send(at=stage.at + dt.timedelta(minutes=4), adapters=adapters(provider)) == 0
    assert sending.send(at=stage.at + sending.RESERVED, adapters=adapters(provider)) == 2
    assert len(provider.accepted) == 2
    assert len(provider.calls) == 3
    assert len(set(provider.calls)) == 2


def test_however_many_messages_wait_one_job_waits_for_them(
    stage: Stage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for _ in range(2):
        stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
        with django_capture_on_commit_callbacks(execute=True):
            react_to_all(stage.at)
    assert len(deferred("notifications.send")) == 1
    assert Delivery.objects.filter(state=State.PENDING).count() == 4


def test_a_channel_that_is_not_ours_is_refused(settings: LazySettings) -> None:
    settings.NOTIFY_CHANNELS = ["pigeon"]
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        channels.enabled()


def test_production_sends_nothing_by_a_console_it_was_not_told_to_use(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    assert channels.enabled() == ()
