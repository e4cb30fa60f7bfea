"""Who may ask again, and when: counted in the database, the same for all processes, in one statement."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import uuid
from typing import Any

from django.conf import settings

from qitong.accounts.access_models import Share
from qitong.accounts.logic.allowances import Allowance
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.sql.statements import kept

LONGEST_IN_SECONDS = 90

_TAKE = """
INSERT INTO accounts_share AS share (key, free_at, granted) VALUES (%(key)s, %(at)s + %(step)s, true)
ON CONFLICT (key) DO UPDATE SET
    granted = greatest(share.free_at, %(at)s) + %(step)s <= %(at)s + %(within)s,
    free_at = CASE WHEN greatest(share.free_at, %(at)s) + %(step)s <= %(at)s + %(within)s
        THEN greatest(share.free_at, %(at)s) + %(step)s ELSE share.free_at END
RETURNING granted, free_at
"""


class TooOften(Refused):
    """Asked too often; ``seconds`` until it may be asked again."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        sentence = (
            say("操作太频繁，请{seconds}秒后再试。", seconds=seconds)
            if seconds <= LONGEST_IN_SECONDS
            else say("操作太频繁，请{minutes}分钟后再试。", minutes=minutes)
        )
        super().__init__(sentence, code="too_often")
        self.seconds = seconds


def take(*, kind: str, whose: str, at: dt.datetime) -> None:
    """Use one of what ``whose`` is allowed of ``kind`` (``settings.ALLOWANCES``); TooOften when none is left.

    A means, not a record: nothing of it is kept once everything is free again.
    """
    allowance: Allowance | None = settings.ALLOWANCES.get(kind)
    if allowance is None:
        return
    facts: dict[str, Any] = {
        "key": _key(kind, whose),
        "at": at,
        "step": allowance.step,
        "within": allowance.within,
    }
    with kept() as cursor:
        cursor.execute(_TAKE, facts)
        granted, free_at = cursor.fetchone()
    if not granted:
        wait = free_at + allowance.step - allowance.within - at
        raise TooOften(max(1, -(-wait // dt.timedelta(seconds=1))))


def clear(*, at: dt.datetime) -> int:
    """Delete what is free again: a share nobody has touched is the same as none; how many."""
    return Share.objects.filter(free_at__lte=at).delete()[0]


def _key(kind: str, whose: str) -> uuid.UUID:
    """No address and no name is kept. Who has one address of IPv6 has its whole network (RFC 6177)."""
    try:
        address = ipaddress.ip_address(whose)
    except ValueError:
        pass
    else:
        if address.version == 6:
            whose = str(ipaddress.ip_network((address, 64), strict=False))
    digest = hashlib.sha256(f"{kind} {whose} {settings.SECRET_KEY}".encode()).digest()
    return uuid.UUID(bytes=digest[:16])
