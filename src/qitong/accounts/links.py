"""Links that carry authority by themselves, for who follows one need not sign in.

A link is signed and not stored: it is good for one purpose, about one thing, until one moment, and once.
Reading it changes nothing, for programs look at links before people do; what it allows is done by a
second, deliberate request, which reads it again and uses it up in the transaction of its deed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction

from qitong.accounts.access_models import UsedLink
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

LONGEST = 400
"""Characters of a link; what is longer is not looked at."""


class LinkPurpose(StrEnum):
    """What a link is for: one made for another purpose does not open."""

    MAIL_OFF = "mail_off"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was read: what it is about, until when it is good."""

    subject: str
    until: dt.datetime
    key: uuid.UUID


def make(*, purpose: LinkPurpose, subject: str, until: dt.datetime) -> str:
    """The last part of an address, in letters that need no escaping. Two for the same are the same link."""
    return _signer(purpose).sign_object([subject, int(until.timestamp())])


def read(text: str, *, purpose: LinkPurpose, at: dt.datetime) -> Link:
    """Read without using. Refused: not made here for this purpose (``link_unknown``), too late
    (``link_expired``), used before (``link_used``)."""
    link = _opened(text, purpose)
    if at >= link.until:
        raise Refused(say("这个链接已经过期。"), code="link_expired")
    if UsedLink.objects.filter(key=link.key).exists():
        raise _used()
    return link


def use(text: str, *, purpose: LinkPurpose, at: dt.datetime) -> Link:
    """Read it and use it up, in the caller's transaction; of two at once one is refused (``link_used``)."""
    link = read(text, purpose=purpose, at=at)
    try:
        with transaction.atomic():
            UsedLink.objects.create(key=link.key, until=link.until)
    except IntegrityError as error:
        raise _used() from error
    return link


def clear(*, at: dt.datetime) -> int:
    """Forget what was used and has expired since; how many."""
    return UsedLink.objects.filter(until__lte=at).delete()[0]


def _opened(text: str, purpose: LinkPurpose) -> Link:
    try:
        if len(text) > LONGEST:
            raise BadSignature("too long")
        subject, until = _signer(purpose).unsign_object(text)
    except (BadSignature, ValueError) as error:
        raise Refused(say("没有这个链接。地址可能没有抄全，请核对。"), code="link_unknown") from error
    digest = hashlib.sha256(f"{purpose} {subject} {until}".encode()).digest()
    return Link(str(subject), dt.datetime.fromtimestamp(int(until), dt.UTC), uuid.UUID(bytes=digest[:16]))


def _used() -> Refused:
    return Refused(say("这个链接已经用过，不需要再做什么。"), code="link_used")


def _signer(purpose: LinkPurpose) -> Signer:
    return Signer(salt=f"qitong.link.{purpose}", sep=".")
