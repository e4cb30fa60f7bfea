"""A security administrator looks at somebody's pages as they see them: with a reason, for a while, read only.

What they read they read as a guest whose name (``visit:12``) is not the host's; the host is told at once
and finds every visit in their account.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.logic.days import shanghai_date
from qitong.accounts.logic.roles import ADMINISTRATORS
from qitong.accounts.models import User, Visit
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record

LONGEST = dt.timedelta(minutes=30)
LONGEST_REASON = 300
SHORTEST_REASON = 6
"""Characters: enough for a sentence one can be asked about."""


@transaction.atomic
def begin(*, host: User, reason: str, by: Actor, at: dt.datetime) -> Visit:
    """Look as ``host`` for at most half an hour; a visit that was under way ends.

    Refused: no or hardly a reason (``missing``, ``reason``), a long one (``too_long``), one of the three
    administrators (``administrator``), a closed account (``closed``).
    """
    require_allowed(by, Deed.LOOK_AS, host)
    why = require(reason, field="reason", what=say("理由"), most=LONGEST_REASON)
    if len(why) < SHORTEST_REASON:
        raise Refused(
            say("理由至少{count}个字，写明为谁、为什么事查看。", count=SHORTEST_REASON),
            code="reason",
            field="reason",
        )
    if not host.is_active:
        raise Refused(say("该账号已停用。"), code="closed")
    if any(actor_for(host, on=shanghai_date(at)).has(role) for role in ADMINISTRATORS):
        raise Refused(say("不能以系统管理员、安全管理员或审计管理员的身份查看。"), code="administrator")
    visitor = User.objects.select_for_update().get(pk=by.user_id or 0)
    for before in Visit.objects.filter(visitor=visitor, ended_at=None):
        _end(before, by.ref, at)
    visit = Visit.objects.create(visitor=visitor, host=host, reason=why, started_at=at, ends_at=at + LONGEST)
    body = {"visit": visit.pk, "visitor": visitor.ref, "reason": why, "until": visit.ends_at.isoformat()}
    record(host.ref, "visit.started", by=by.ref, at=at, body=body)
    return visit


@transaction.atomic
def end(*, visit_id: int, by: Actor, at: dt.datetime) -> None:
    """End one's own visit; one that has ended stays as it was."""
    visit = Visit.objects.select_for_update().filter(pk=visit_id, ended_at=None).first()
    if visit is None:
        return
    if by.user_id != visit.visitor_id:
        raise Refused(say("只有查看的人可以结束查看。"), code="forbidden")
    _end(visit, by.ref, at)


def under_way(visit_id: int, *, visitor: int, at: dt.datetime) -> Visit | None:
    """The visit, as long as it lasts and both may still be there."""
    found = Visit.objects.select_related("host", "visitor").filter(
        pk=visit_id, visitor=visitor, ended_at=None, ends_at__gt=at, host__is_active=True
    )
    return found.first()


def guest(visit: Visit, *, on: dt.date) -> Actor:
    """The host's eyes without their hands: sees what they see, is not them."""
    return replace(actor_for(visit.host, on=on), ref=f"visit:{visit.pk}")


def had_by(user: User) -> QuerySet[Visit]:
    """Who has looked as this person, latest first."""
    return Visit.objects.filter(host=user).select_related("visitor").order_by("-started_at")


def _end(visit: Visit, by: str, at: dt.datetime) -> None:
    """Those that ran out by themselves ended then."""
    visit.ended_at = min(at, visit.ends_at)
    visit.save(update_fields=["ended_at"])
    body = {"visit": visit.pk, "ended": visit.ended_at.isoformat()}
    record(visit.host.ref, "visit.ended", by=by, at=at, body=body)
