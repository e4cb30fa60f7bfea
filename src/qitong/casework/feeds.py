"""A person's due dates at a private address: made, renewed and revoked by that person alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils.crypto import salted_hmac

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.casework.logic.terms import Side
from qitong.casework.models import CalendarFeed
from qitong.casework.move import person
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record

_PURPOSE = "qitong.casework.calendar"


def open_feed(by: Actor, side: Side) -> CalendarFeed | None:
    """The address in use, if there is one."""
    if by.user_id is None or not by.is_person:
        return None
    return CalendarFeed.objects.filter(user_id=by.user_id, side=side, revoked_at=None).first()


def secret_of(feed: CalendarFeed) -> str:
    """What the address ends in, for its owner; empty when the server's key has changed since."""
    secret = _secret(feed.user_id, Side(feed.side), feed.nonce)
    return secret if _digest(Side(feed.side), secret) == feed.digest else ""


def find(secret: str, side: Side) -> CalendarFeed | None:
    """The feed of an address that has not been revoked. Looking at it leaves no trace."""
    found = CalendarFeed.objects.filter(digest=_digest(side, secret), side=side, revoked_at=None)
    return found.select_related("user").first()


@transaction.atomic
def renew(*, side: Side, by: Actor, at: dt.datetime) -> CalendarFeed:
    """Make an address; one made before is good no more."""
    user = _locked(by)
    before = _end(user, side, at)
    nonce = secrets.token_hex(32)
    feed = CalendarFeed.objects.create(
        user=user,
        side=side,
        nonce=nonce,
        digest=_digest(side, _secret(user.pk, side, nonce)),
        created_at=at,
    )
    body = {"feed": feed.pk, "side": side}
    record(user.ref, "calendar.renewed" if before else "calendar.created", by=by.ref, at=at, body=body)
    return feed


@transaction.atomic
def revoke(*, side: Side, by: Actor, at: dt.datetime) -> bool:
    """End the address; False when there is none (any more)."""
    user = _locked(by)
    ended = _end(user, side, at)
    if ended:
        record(user.ref, "calendar.revoked", by=by.ref, at=at, body={"feed": ended, "side": side})
    return bool(ended)


def _locked(by: Actor) -> User:
    if not by.is_person:
        raise Refused(say("日历地址只能由本人管理。"), code="not_allowed")
    return User.objects.select_for_update().get(pk=person(by))


def _end(user: User, side: Side, at: dt.datetime) -> int:
    """The primary key of the feed that was ended, 0 for none."""
    feed = CalendarFeed.objects.filter(user=user, side=side, revoked_at=None).first()
    if feed is None:
        return 0
    feed.revoked_at = max(at, feed.created_at)
    feed.save(update_fields=["revoked_at"])
    return feed.pk


def _secret(user_id: int, side: Side, nonce: str) -> str:
    return salted_hmac(_PURPOSE, f"{side}:{user_id}:{nonce}", algorithm="sha256").hexdigest()


def _digest(side: Side, secret: str) -> str:
    return hashlib.sha256(f"{_PURPOSE}:{side}:{secret}".encode()).hexdigest()
