"""What readers do with their messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.ledger.record import record
from qitong.notifications.models import Message
from qitong.notifications.queries import shown


@transaction.atomic
def mark_read(*, message_ids: Sequence[int] | None = None, by: Actor, at: dt.datetime) -> int:
    """Note that the reader has read these of their messages, or (None) all; how many were unread.

    Messages of other people are left alone. Reading again changes nothing.
    """
    if by.user_id is None:
        return 0
    unread = shown(by).filter(read_at=None)
    if message_ids is not None:
        unread = unread.filter(pk__in=list(message_ids))
    ids = list(unread.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    Message.objects.filter(pk__in=ids).update(read_at=at)
    record(f"user:{by.user_id}", "messages.read", by=by.ref, at=at, body={"messages": ids})
    return len(ids)
