"""What was told to somebody is forgotten, with its mail and SMS: on request, and when it is old."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.notifications.models import Delivery, Message, Preferences


@transaction.atomic
def forget(*, user: User, by: Actor) -> int:
    """Delete all that was told to one person, and how they wished to be told; how many messages."""
    require_allowed(by, Deed.ERASE)
    Preferences.objects.filter(user=user).delete()
    return _delete(Message.objects.filter(recipient=user))


@transaction.atomic
def forget_before(before: dt.datetime, *, by: Actor, most: int) -> int:
    """Delete up to ``most`` messages made before then, the oldest first; how many."""
    require_allowed(by, Deed.ERASE)
    oldest = Message.objects.filter(created_at__lt=before).order_by("created_at", "pk")
    return _delete(Message.objects.filter(pk__in=list(oldest.values_list("pk", flat=True)[:most])))


def _delete(messages: QuerySet[Message]) -> int:
    Delivery.objects.filter(message__in=messages).delete()
    return messages.delete()[1].get("notifications.Message", 0)
