"""Ledger entries become messages: one for each person told, once, however often this runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from qitong.accounts.models import User
from qitong.casework.logic.clock import day_of
from qitong.ledger.models import Entry, Text
from qitong.notifications.account_tells import MOVED
from qitong.notifications.channels import enabled
from qitong.notifications.codes import channel_to
from qitong.notifications.facts import Fact, People, facts_of, readable_by, user_of
from qitong.notifications.jobs import defer_sending
from qitong.notifications.lines import Tell, group_of
from qitong.notifications.logic.wishes import Group, Wishes
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.notifications.packing import pack
from qitong.notifications.places import filled
from qitong.notifications.policy_tells import WINDOW_TELLS
from qitong.notifications.preferences import not_before, wants, wishes_of
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
    readers = readable_by(message.recipient_id for message, _ in wanted.values())
    new = [
        (message, fact)
        for key, (message, fact) in wanted.items()
        if key not in known and message.recipient_id in readers
    ]
    if not new:
        return 0
    # A competing run of the same job waits here at the unique key, fails and is then found done.
    Message.objects.bulk_create([message for message, _ in new])
    channels, wishes = enabled(), wishes_of(readers)
    deliveries = [
        delivery
        for message, fact in new
        for delivery in _deliveries(message, fact, _ways(message, channels, readers, wishes, at), at)
    ]
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
                change_id=fact.body.get("change") if fact.kind == "policy.gained" else None,
                notice_id=fact.body.get("notice") if fact.kind in WINDOW_TELLS else None,
                address=_former_address(fact) if fact.kind == MOVED else "",
                kind=fact.kind,
                group=group_of(fact.kind, line),
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


def _former_address(fact: Fact) -> str:
    """Where the person was reached before the move that is told; empty when nowhere of this sort."""
    kept = Text.objects.filter(entry=fact.id, name="before").values_list("text", flat=True)
    return kept.first() or ""


Ways = Mapping[Channel, dt.datetime]


def _ways(
    message: Message,
    channels: Sequence[Channel],
    readers: Mapping[int, User],
    wishes: Mapping[int, Wishes],
    at: dt.datetime,
) -> Ways:
    """The channels on which the reader wants this message, and from when; to a former address at once."""
    if message.address:
        there = channel_to(message.address)
        return {there: at} if there is not None else {}
    reader, wish = readers[message.recipient_id], wishes[message.recipient_id]
    wanted = [way for way in channels if wants(reader, wish, Group(message.group), way)]
    return {way: not_before(wish, way, at) for way in wanted}


def _deliveries(message: Message, fact: Fact, ways: Ways, at: dt.datetime) -> Iterator[Delivery]:
    """In the app the message is there as soon as it is written; the other channels still have to send."""
    wanted = still_wanted(fact.kind, fact.case, fact.task)
    if not wanted:
        for channel in (Channel.INAPP, *ways):
            yield Delivery(message=message, channel=channel, state=State.OBSOLETE)
        return
    yield Delivery(message=message, channel=Channel.INAPP, state=State.SENT, sent_at=at, attempts=1)
    for channel, begins in ways.items():
        yield Delivery(message=message, channel=channel, next_attempt_at=begins)
