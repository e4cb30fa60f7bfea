"""Everybody who may sign in, as the security administrator looks for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from qitong.accounts.logic.logins import normalised
from qitong.accounts.models import RoleAssignment, SecondFactor, User
from qitong.accounts.queries import roles_on


def everybody(typed: str, *, locked_at: dt.datetime | None = None) -> QuerySet[User]:
    """Accounts whose name, login, phone or mail holds what was typed; all for nothing.

    With ``locked_at`` only those locked then. Each knows ``has_factor``, whether an app is in use.
    """
    in_use = SecondFactor.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False)
    rows = User.objects.annotate(has_factor=Exists(in_use))
    if wanted := normalised(typed):
        rows = rows.filter(
            Q(name__icontains=typed.strip())
            | Q(login__contains=wanted)
            | Q(phone__contains=wanted)
            | Q(email__icontains=wanted)
        )
    return rows.filter(locked_until__gt=locked_at) if locked_at is not None else rows


def roles_of(users: Iterable[int], on: dt.date) -> dict[int, list[RoleAssignment]]:
    """The roles each holds on a day, by person: one query."""
    found: dict[int, list[RoleAssignment]] = {}
    held = roles_on(on).filter(user__in=list(users)).select_related("department", "jurisdiction")
    for assignment in held.order_by("pk"):
        found.setdefault(assignment.user_id, []).append(assignment)
    return found
