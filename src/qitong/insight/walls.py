"""Links to the wall page: made and ended by a leader, opened by whoever holds one."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from qitong.accounts.actors import Actor, Role, digest_of
from qitong.accounts.queries import roles_on
from qitong.casework.logic.clock import day_of
from qitong.insight.models import WallLink
from qitong.insight.permissions import why_not_share
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record

LONGEST_DAYS = 365


class Door(StrEnum):
    """What a secret opens: the wall; nothing any more; nothing ever."""

    OPEN = "open"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Opening:
    door: Door
    link: WallLink | None = None


def of(actor: Actor) -> QuerySet[WallLink]:
    """The links to the places that ``actor`` leads, newest first."""
    mine = WallLink.objects.filter(jurisdiction_id__in=actor.jurisdictions(Role.LEADER))
    return mine.select_related("jurisdiction", "created_by").order_by("-pk")


@transaction.atomic
def create(*, name: str, jurisdiction_id: int, days: int, by: Actor, at: dt.datetime) -> tuple[WallLink, str]:
    """Return a new link and its secret, which is shown this once and never stored."""
    if reason := why_not_share(by):
        raise Refused(reason, code="forbidden")
    if jurisdiction_id not in by.jurisdictions(Role.LEADER) or by.user_id is None:
        raise Refused(say("只能为自己分管的地方创建链接。"), code="place", field="jurisdiction")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(say("有效期为1至{days}天。", days=LONGEST_DAYS), code="days", field="days")
    secret = secrets.token_urlsafe(32)
    link = WallLink.objects.create(
        name=require_line(name, field="name", what=say("名称"), most=100),
        jurisdiction_id=jurisdiction_id,
        digest=digest_of(secret),
        created_at=at,
        created_by_id=by.user_id,
        expires_at=at + dt.timedelta(days=days),
    )
    body = {
        "link": link.pk,
        "name": link.name,
        "jurisdiction": jurisdiction_id,
        "expires_at": link.expires_at.isoformat(),
    }
    record(by.ref, "wall_link.created", by=by.ref, at=at, body=body)
    return link, secret


@transaction.atomic
def revoke(*, link_id: int, by: Actor, at: dt.datetime) -> WallLink:
    """End a link now, for everybody who has it. Refused when it has ended already."""
    link = of(by).filter(pk=link_id).select_for_update(of=("self",)).first()
    if link is None:
        raise Refused(say("没有这个链接。"), code="not_found")
    if link.revoked_at is not None:
        raise Refused(say("这个链接已经停用。"), code="revoked")
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    record(by.ref, "wall_link.revoked", by=by.ref, at=at, body={"link": link.pk, "name": link.name})
    return link


def open_with(secret: str, *, at: dt.datetime) -> Opening:
    """What the secret opens at this moment. The day of last use is noted once a day.

    A link ends with its term, when it is revoked, and when who made it no longer leads the place.
    """
    links = WallLink.objects.select_related("jurisdiction").filter(digest=digest_of(secret))
    if (link := links.first()) is None:
        return Opening(Door.UNKNOWN)
    today = day_of(at)
    leads = roles_on(today).filter(
        user_id=link.created_by_id, role=Role.LEADER.value, jurisdiction_id=link.jurisdiction_id
    )
    if link.revoked_at is not None or link.expires_at <= at or not leads.exists():
        return Opening(Door.OVER)
    if link.last_opened_on != today:
        WallLink.objects.filter(pk=link.pk).update(last_opened_on=today)
    return Opening(Door.OPEN, link)
