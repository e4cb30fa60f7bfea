"""Ledger entries become messages: one for each person told, once, however often this runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction

from qitong.casework.logic.clock import day_of
from qitong.ledger.models import Entry
from qitong.notifications.channels import enabled
from qitong.notifications.facts import Fact, People, active, facts_of, user_of
from qitong.notifications.jobs import defer_sending
from qitong.notifications.lines import Tell
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.notifications.packing import pack
from qitong.notifications.places import filled
from qitong.notifications.reminders import still_wanted
from qitong.notifications.tells import TELLS


@transaction.atomic
def tell(entries: Sequence[Entry], *, at: dt.datetime) -> int:
    """Write the messages that follow from ``entries`` and have them sent; how many are new.

    Entries that were told before are left alone; messages and deliveries are one transaction. A
    reminder of what has been done since is written down as obsolete and not sent.
    """
    people = People(day_of(at))
    facts = facts_of([entry for entry in entries if entry.kind in TELLS])
    wanted = {message.dedupe: (message, fact) for fact in facts for message in _messages(fact, people, at)}
    known = set(Message.objects.filter(dedupe__in=wanted).values_list("dedupe", flat=True))
    readers = active(message.recipient_id for message, _ in wanted.values())
    new = [
        (message, fact)
        for key, (message, fact) in wanted.items()
        if key not in known and message.recipient_id in readers
    ]
    if not new:
        return 0
    # A competing run of the same job waits here at the unique key, fails and is then found done.
    Message.objects.bulk_create([message for message, _ in new])
    channels = enabled()
    deliveries = [d for message, fact in new for d in _deliveries(message, fact, channels, at)]
    Delivery.objects.bulk_create(deliveries)
    if any(d.state == State.PENDING for d in deliveries):
        defer_sending()
    return len(new)


def _messages(fact: Fact, people: People, at: dt.datetime) -> Iterator[Message]:
    """One message a person: who is told in two capacities hears the first sentence of the table."""
    told: set[int] = set()
    for line in TELLS[fact.kind]:
        recipients = _recipients(line, fact, people) - told
        if not recipients:
            continue
        sentence = filled(line.text, fact)
        params = {name: pack(value) for name, value in sentence.params.items()}
        for user in sorted(recipients):
            yield Message(
                recipient_id=user,
                case=fact.case,
                task=fact.task,
                kind=fact.kind,
                text=sentence.text,
                params=params,
                at=fact.at,
                created_at=at,
                dedupe=f"entry:{fact.id}:user:{user}",
            )
        told |= recipients


def _recipients(line: Tell, fact: Fact, people: People) -> frozenset[int]:
    everybody = frozenset[int]().union(*(who(fact, people) for who in line.who))
    return everybody if line.even_doer else everybody - user_of(fact.by)


def _deliveries(
    message: Message, fact: Fact, channels: Sequence[Channel], at: dt.datetime
) -> Iterator[Delivery]:
    """In the app the message is there as soon as it is written; the other channels still have to send."""
    wanted = still_wanted(fact.kind, fact.case, fact.task)
    if not wanted:
        for channel in (Channel.INAPP, *channels):
            yield Delivery(message=message, channel=channel, state=State.OBSOLETE)
        return
    yield Delivery(message=message, channel=Channel.INAPP, state=State.SENT, sent_at=at, attempts=1)
    for channel in channels:
        yield Delivery(message=message, channel=channel, next_attempt_at=at)
