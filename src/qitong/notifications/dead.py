"""Messages that were not brought to their channel, and what the administrator does about them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.notifications.jobs import defer_sending
from qitong.notifications.models import Delivery, State

STREAM = "operations"


def undelivered() -> QuerySet[Delivery]:
    """Dead ones; those that are still tried will be sent, or die and be here."""
    return Delivery.objects.filter(Q(state=State.DEAD)).select_related("message__recipient")


@transaction.atomic
def retry(*, delivery_id: int, by: Actor, at: dt.datetime) -> None:
    """Try a dead message again, from the first attempt, under its old key: nothing is sent twice. What
    it is about may be done meanwhile; then it is not sent."""
    require_allowed(by, Deed.OPERATE)
    delivery = _dead(delivery_id)
    delivery.state, delivery.attempts, delivery.next_attempt_at = State.PENDING, 0, at
    delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    record(STREAM, "message.retried", by=by.ref, at=at, body=_facts(delivery))
    defer_sending()


@transaction.atomic
def discard(*, delivery_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Give a dead message up: it stays unsent on this channel, and in the app as it was."""
    require_allowed(by, Deed.OPERATE)
    delivery = _dead(delivery_id)
    why = require(reason, field="reason", what=say("理由"))
    delivery.state = State.OBSOLETE
    delivery.save(update_fields=["state"])
    record(STREAM, "message.discarded", by=by.ref, at=at, body=_facts(delivery), personal={"reason": why})


def _dead(delivery_id: int) -> Delivery:
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None or delivery.state != State.DEAD:
        raise Refused(say("这条消息已不在未送达之列，可能已被重试。"), code="not_dead")
    return delivery


def _facts(delivery: Delivery) -> dict[str, object]:
    return {"delivery": delivery.pk, "message": delivery.message_id, "channel": delivery.channel}
