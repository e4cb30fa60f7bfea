"""Where somebody is signed in: the devices, and ending what should be ended."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import LoginSession, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record

ABOUT = "about"
"""Under this key a session keeps ``started`` and ``seen`` (seconds since 1970), ``address``, ``agent``."""


def idle_limit(actor: Actor) -> dt.timedelta:
    """How long somebody may be silent before they have to sign in again."""
    minutes: int = settings.IDLE_MINUTES_OFFICERS if actor.is_officer else settings.IDLE_MINUTES_COMPANIES
    return dt.timedelta(minutes=minutes)


def shortest_limit() -> dt.timedelta:
    """Below this nobody has been idle too long, whoever it is."""
    return dt.timedelta(minutes=min(settings.IDLE_MINUTES_OFFICERS, settings.IDLE_MINUTES_COMPANIES))


def resolution() -> dt.timedelta:
    """How exactly it is known when a device was last seen: a minute, when half an hour is the limit."""
    return shortest_limit() / 30


def open_at(user: User, *, at: dt.datetime) -> QuerySet[LoginSession]:
    """Where the person is signed in, last seen first."""
    return LoginSession.objects.filter(user=user, expire_date__gt=at).order_by("-seen_at", "session_key")


@transaction.atomic
def end(*, user: User, key: str, by: Actor, at: dt.datetime) -> None:
    """End one login of ``user``, which the device notices at its next request.

    Refused (``ended``) when there is none under this key.
    """
    require_allowed(by, Deed.END_SESSIONS, user)
    gone, _ = LoginSession.objects.filter(user=user, session_key=key).delete()
    if not gone:
        raise Refused(say("该设备已经退出。"), code="ended")
    record(user.ref, "login.ended", by=by.ref, at=at, body={"reason": "revoked", "count": 1})


@transaction.atomic
def end_all(*, user: User, but: str = "", by: Actor, at: dt.datetime) -> int:
    """End every login of ``user`` except the one under the key ``but``; how many there were."""
    require_allowed(by, Deed.END_SESSIONS, user)
    gone, _ = LoginSession.objects.filter(user=user).exclude(session_key=but).delete()
    if gone:
        record(user.ref, "login.ended", by=by.ref, at=at, body={"reason": "revoked", "count": gone})
    return gone


@transaction.atomic
def end_idle(*, user_id: int, key: str, at: dt.datetime) -> None:
    """End a login that was silent for too long; two requests that find it at once end it once."""
    gone, _ = LoginSession.objects.filter(user=user_id, session_key=key).delete()
    if gone:
        record(f"user:{user_id}", "login.ended", by="system:idle", at=at, body={"reason": "idle", "count": 1})


def clear(*, at: dt.datetime) -> int:
    """Delete sessions that have run out: means, not records; how many."""
    gone, _ = LoginSession.objects.filter(expire_date__lt=at).delete()
    return gone
