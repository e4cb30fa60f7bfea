"""Bring waiting messages to their channels.

Each try is reserved first (a commit of its own), then the provider is called, then the result is
kept. A process killed in between leaves a reservation that runs out: the message is tried again
with the same key, by which the provider knows that it has it already.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts import login_codes
from qitong.casework.logic.clock import ZONE, day_of
from qitong.notifications import codes
from qitong.notifications.channels import ADAPTERS, Adapter, NeverError
from qitong.notifications.letters import outgoing
from qitong.notifications.logic.wishes import USUAL, Group, Wishes
from qitong.notifications.models import WAITING, Channel, Delivery, Message, Preferences, State
from qitong.notifications.preferences import not_before, wants
from qitong.notifications.reminders import still_wanted
from qitong.policies import calling

RESERVED = dt.timedelta(minutes=5)
"""How long one try may take before another process may try."""

WAITS = tuple(dt.timedelta(minutes=m) for m in (1, 5, 30, 120, 480))
"""How long to wait after each failure; after the last the delivery is dead and shown in health."""

BATCH = 100
REMINDER = "reminder."
logger = logging.getLogger(__name__)


def send(
    *, at: dt.datetime, adapters: Mapping[Channel, Adapter] = ADAPTERS, message: Message | None = None
) -> int:
    """Try the longest waiting deliveries that are due at ``at``, at most BATCH; how many were sent.

    With ``message`` only its own: a code does not wait behind others.
    """
    due = Delivery.objects.filter(state__in=WAITING, next_attempt_at__lte=at)
    if message is not None:
        due = due.filter(message=message)
    return sum(_try(delivery, at, adapters) for delivery in _reserve(due, at))


@transaction.atomic
def _reserve(due: QuerySet[Delivery], at: dt.datetime) -> list[Delivery]:
    rows = list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("message__case", "message__task", "message__notice", "message__code__user")
        .select_related("message__recipient__notification_preferences")
        .order_by("next_attempt_at", "pk")[:BATCH]
    )
    for row in rows:
        row.attempts += 1
        row.next_attempt_at = at + RESERVED
    Delivery.objects.bulk_update(rows, ["attempts", "next_attempt_at"])
    return rows


def _try(delivery: Delivery, at: dt.datetime, adapters: Mapping[Channel, Adapter]) -> bool:
    if not _still_wanted(delivery, at):
        return _keep(delivery, State.OBSOLETE)
    if (begins := _not_before(delivery, at)) > at:
        return _wait(delivery, begins)
    try:
        adapters[Channel(delivery.channel)].send(outgoing(delivery, at=at))
    except NeverError as error:
        return _keep(delivery, State.DEAD, error=error)
    except Exception as error:  # whatever one adapter does must not stop the others
        if delivery.attempts > len(WAITS):
            return _keep(delivery, State.DEAD, error=error)
        return _keep(delivery, State.FAILED, error=error, again=at + WAITS[delivery.attempts - 1])
    return _keep(delivery, State.SENT, sent_at=at)


def _still_wanted(delivery: Delivery, at: dt.datetime) -> bool:
    """Asked again at the last moment: what it is about may be done, the reader may want it no more."""
    message, channel = delivery.message, Channel(delivery.channel)
    if message.kind == codes.KIND:
        return message.code is not None and login_codes.is_open(message.code, at=at)
    if message.address:
        return True
    if not wants(message.recipient, _wishes(message), Group(message.group), channel):
        return False
    if not still_wanted(message.kind, message.case, message.task):
        return False
    if message.notice is not None and not calling.is_wanted(message.notice, day_of(at)):
        return False
    return not (message.kind.startswith(REMINDER) and _reminded_today(delivery, at))


def _reminded_today(delivery: Delivery, at: dt.datetime) -> bool:
    """What waited for the morning and what the new day raised are one reminder a day to the reader."""
    message, day = delivery.message, day_of(at)
    begins = dt.datetime.combine(day, dt.time.min, ZONE)
    return (
        Delivery.objects.filter(channel=delivery.channel, state=State.SENT, sent_at__gte=begins)
        .filter(message__recipient=message.recipient_id, message__kind=message.kind)
        .filter(message__case=message.case_id, message__task=message.task_id)
        .exclude(channel=Channel.CONSOLE)
        .exists()
    )


def _not_before(delivery: Delivery, at: dt.datetime) -> dt.datetime:
    """A code is waited for, a former address warned; everything else keeps the quiet hours as they are."""
    if delivery.message.kind == codes.KIND or delivery.message.address:
        return at
    return not_before(_wishes(delivery.message), Channel(delivery.channel), at)


def _wishes(message: Message) -> Wishes:
    chosen: Preferences | None = getattr(message.recipient, "notification_preferences", None)
    return chosen.wishes if chosen is not None else USUAL


def _wait(delivery: Delivery, until: dt.datetime) -> bool:
    """Not a try: give the reservation back and come again when the quiet hours are over."""
    mine = Delivery.objects.filter(pk=delivery.pk, state__in=WAITING, attempts=delivery.attempts)
    mine.update(attempts=delivery.attempts - 1, next_attempt_at=until)
    return False


def _keep(
    delivery: Delivery,
    state: State,
    *,
    error: Exception | None = None,
    again: dt.datetime | None = None,
    sent_at: dt.datetime | None = None,
) -> bool:
    """Keep the result of our own try; one that outlived its reservation keeps nothing."""
    code = delivery.message.code
    said = f"{type(error).__name__}: {error}" if error else ""
    if error:
        logger.warning("delivery %s by %s: %s", delivery.pk, delivery.channel, said)
    mine = Delivery.objects.filter(pk=delivery.pk, state__in=WAITING, attempts=delivery.attempts)
    with transaction.atomic():
        kept = mine.update(state=state, error=said, next_attempt_at=again, sent_at=sent_at)
        if kept and code is not None and sent_at is not None:
            login_codes.was_sent(code=code, channel=delivery.channel, at=sent_at)
    return bool(kept) and state == State.SENT
