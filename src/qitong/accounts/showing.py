"""Personal data is masked until somebody asks to see it; that leaves one entry which says who, when and why.

What was shown stays shown to that person for a quarter of an hour, on whatever page and machine, so that
work goes on without a click at every page; then it is masked again. Nothing of it is kept anywhere else.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import DEPARTMENT_ROLES
from qitong.accounts.models import Department, Showing, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.kernel.errors import Refused, require
from qitong.kernel.masking import Veil
from qitong.kernel.words import say
from qitong.ledger.record import record

SHOWN, OPENED = "personal_data.shown", "personal_data.opened"
LOOKS = frozenset({SHOWN, OPENED})
"""What the person concerned may read of who looked."""
SHOWN_FOR = dt.timedelta(minutes=15)
OPENED_FOR = dt.timedelta(hours=1)
"""One review opens a file again and again, beside what is required: one entry."""
SHORTEST_REASON, LONGEST_REASON = 6, 300
_PERSON = ("name", "login", "phone", "email")
_BEGIN = """
INSERT INTO accounts_showing AS showing (subject, viewer, until) VALUES (%(subject)s, %(viewer)s, %(until)s)
ON CONFLICT (subject, viewer) DO UPDATE SET until = EXCLUDED.until WHERE showing.until <= %(at)s
RETURNING until
"""


def begin(subject: str, *, by: Actor, at: dt.datetime, lasting: dt.timedelta) -> bool:
    """Whether a showing begins now: not where one is under way. Of two clicks at once one begins it."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"subject": subject, "viewer": by.ref, "until": at + lasting, "at": at})
        return cursor.fetchone() is not None


def until(subject: object, viewer: str) -> QuerySet[Showing, dt.datetime]:
    """Until when the subject is shown to whom the ledger calls ``viewer``."""
    return Showing.objects.filter(subject=subject, viewer=viewer).values_list("until", flat=True)


def until_along(viewer: str) -> Subquery:
    """The same inside another query, which knows the stream as ``subject``."""
    return Subquery(until(OuterRef("subject"), viewer)[:1])


def reason_of(reason: str) -> str:
    """The reason as it is kept; refused when there is hardly one (``missing``, ``reason``)."""
    why = require(reason.replace("\x00", ""), field="reason", what=say("理由"), most=LONGEST_REASON)
    if len(why) < SHORTEST_REASON:
        raise Refused(
            say("理由至少{count}个字，写明为什么事查看。", count=SHORTEST_REASON),
            code="reason",
            field="reason",
        )
    return why


def seat_of(by: Actor) -> dict[str, Any]:
    """The role and department somebody looks from, as the person concerned will read them."""
    grants = sorted(by.roles, key=lambda grant: (grant.role not in DEPARTMENT_ROLES, str(grant.role)))
    if not grants:
        return {}
    seat: dict[str, Any] = {"role": grants[0].role.value}
    if (place := Department.objects.filter(pk=grants[0].department_id or 0).first()) is not None:
        seat["department"] = {"zh": place.name_zh, "en": place.name_en}
    return seat


def clear(*, at: dt.datetime) -> int:
    """Forget what is over; how many. A means, not a record."""
    return Showing.objects.filter(until__lte=at).delete()[0]


# ---- an account ----


def with_showing(users: QuerySet[User], actor: Actor) -> QuerySet[User]:
    """Read along what :func:`veil_of` has to know of each."""
    ref = Concat(Value("user:"), Cast("pk", CharField()), output_field=CharField())
    return users.alias(subject=ref).annotate(shown_until=until_along(actor.ref))


def veil_of(actor: Actor, user: User, *, at: dt.datetime) -> Veil:
    """How the actor sees somebody's account, read :func:`with_showing`: their own in full, another's as long
    as it is shown."""
    if actor.is_system or (actor.is_person and actor.user_id == user.pk):
        return Veil(lifted=True)
    found: dt.datetime | None = vars(user)["shown_until"]
    return Veil(lifted=found is not None and found > at)


@transaction.atomic
def show_person(*, user: User, reason: str, by: Actor, at: dt.datetime) -> None:
    """Show a security administrator how somebody is called and reached; always with a reason."""
    require_allowed(by, Deed.MANAGE_USERS)
    why = reason_of(reason)
    if begin(user.ref, by=by, at=at, lasting=SHOWN_FOR):
        body = {"fields": [name for name in _PERSON if getattr(user, name)], **seat_of(by)}
        record(user.ref, SHOWN, by=by.ref, at=at, body=body, personal={"reason": why})
