"""Reads for screens: everybody sees their own messages and no others."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from qitong.accounts.actors import Actor
from qitong.casework.sight import Probe
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.sql.frozen import Frozen


def shown(actor: Actor) -> QuerySet[Message]:
    """The messages shown to ``actor`` in the app; none to a visitor, a token or the system."""
    if not actor.is_person or actor.user_id is None:
        return Message.objects.none()
    return _shown(actor.user_id)


def _shown(reader: int) -> QuerySet[Message]:
    return Message.objects.filter(Exists(_in_app()), recipient_id=reader)


def _in_app() -> QuerySet[Delivery]:
    return Delivery.objects.filter(message=OuterRef("pk"), channel=Channel.INAPP, state=State.SENT)


def _unread(most: int, reader: int) -> QuerySet[Any, int]:
    """Asked at every page: each message is looked up, never all deliveries read first."""
    rows = Message.objects.filter(Probe(_in_app()), recipient_id=reader, read_at=None)
    return rows.values_list("pk", flat=True)[:most]


_UNREAD: Frozen[int] = Frozen(_unread)
MANY = 99
"""Up to here waiting messages are counted."""


def unread(actor: Actor, *, most: int = MANY) -> int:
    """How many messages wait to be read, at most one more than ``most``; one query."""
    if not actor.is_person or actor.user_id is None:
        return 0
    return len(_UNREAD(most + 1, reader=actor.user_id))


def inbox(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Message]:
    """Messages newest first, before the one with primary key ``before``; what they are about is loaded."""
    rows = shown(actor).select_related("case", "change", "notice").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])


def find(actor: Actor, message_id: int) -> Message | None:
    """One message of the actor's own."""
    return shown(actor).select_related("case").filter(pk=message_id).first()
