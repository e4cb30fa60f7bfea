"""Reads other packages build on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import Role
from qitong.accounts.logic.substitutes import resolve
from qitong.accounts.models import (
    Absence,
    Department,
    DutyShift,
    Enterprise,
    EnterpriseMark,
    Jurisdiction,
    Membership,
    RoleAssignment,
    User,
)
from qitong.sql.frozen import Frozen


def roles_on(on: dt.date) -> QuerySet[RoleAssignment]:
    """The roles held on a day, by people whose account is open."""
    return RoleAssignment.objects.filter(
        Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on, user__is_active=True
    )


class NameBehind(Func):
    """Inside another query: the name of the person in a column like ``user:7``; else NULL."""

    template = """(SELECT name FROM accounts_user WHERE id =
CASE WHEN %(expressions)s ~ '^user:[0-9]{1,18}$' THEN substr(%(expressions)s, 6)::bigint END)"""
    output_field = CharField()


class OfficerBehind(NameBehind):
    """The same for who holds or held an office: they act under their name, a company's people do not."""

    template = """(SELECT name FROM accounts_user WHERE id =
CASE WHEN %(expressions)s ~ '^user:[0-9]{1,18}$' THEN substr(%(expressions)s, 6)::bigint END
AND EXISTS (SELECT 1 FROM accounts_roleassignment held WHERE held.user_id = accounts_user.id))"""


def officers_of(department: Department, roles: Iterable[Role], on: dt.date) -> list[User]:
    """Who holds one of ``roles`` in the department on a day, the longest-known account first.

    The absent are included: whether somebody else stands in is :func:`absences_on`'s to say.
    """
    held = roles_on(on).filter(department=department, role__in=[role.value for role in roles])
    return list(User.objects.filter(pk__in=held.values("user_id")).order_by("pk"))


def leaders_of(jurisdiction: Jurisdiction, on: dt.date) -> list[User]:
    """The leaders in charge of a jurisdiction; where it has none, of the nearest one above it."""
    for place in _upwards(jurisdiction):
        held = roles_on(on).filter(role=Role.LEADER.value, jurisdiction=place)
        if found := list(User.objects.filter(pk__in=held.values("user_id")).order_by("pk")):
            return found
    return []


def absences_on(on: dt.date) -> dict[int, int]:
    """Everybody absent on a day and their substitute, as primary keys."""
    return dict(_ABSENT(on=on))


def _absences(on: dt.date) -> QuerySet[Absence]:
    return Absence.objects.filter(starts_on__lte=on, ends_on__gte=on, cancelled_at=None)


_ABSENT: Frozen[tuple[int, int]] = Frozen(lambda on: _absences(on).values_list("user_id", "substitute_id"))


def present(user_id: int, on: dt.date) -> int | None:
    """Who does this person's work on a day (a primary key); None when the chain ends with nobody."""
    return resolve(user_id, absences_on(on))


def duty_officer(department: Department, on: dt.date) -> User | None:
    """Who is on duty that day, or stands in for them; None without a shift or anybody to stand in."""
    shift = DutyShift.objects.filter(department=department, on=on).first()
    if shift is None:
        return None
    there = present(shift.officer_id, on)
    return User.objects.filter(pk=there, is_active=True).first() if there is not None else None


def window_of(jurisdiction: Jurisdiction) -> Department | None:
    """The window that receives for a jurisdiction: its own, or the nearest one above it."""
    for place in _upwards(jurisdiction):
        if (window := _WINDOW.first(place=place.pk)) is not None:
            return window
    return None


_WINDOW: Frozen[Department] = Frozen(
    lambda place: Department.objects.filter(jurisdiction_id=place, is_window=True).order_by("pk")[:1]
)


def on_duty(department: Department, on: dt.date) -> User | None:
    """Who is on the rota that day, absent (``is_absent``) or not, as long as their account is open."""
    return _ON_DUTY.first(department=department.pk, on=on)


def _on_duty(department: int, on: dt.date) -> QuerySet[User]:
    shifts = DutyShift.objects.filter(department_id=department, on=on).values("officer_id")
    absent = Exists(_absences(on).filter(user_id=OuterRef("pk")))
    return User.objects.filter(pk__in=shifts, is_active=True).annotate(is_absent=absent).order_by("pk")[:1]


_ON_DUTY: Frozen[User] = Frozen(_on_duty)


def members(enterprise: Enterprise | int) -> QuerySet[Membership]:
    """The active members of an enterprise, administrators first."""
    active = Membership.objects.filter(enterprise=enterprise, active=True, user__is_active=True)
    return active.select_related("user").order_by("role", "pk")


def memberships_of(actor: Actor) -> QuerySet[Membership]:
    """The enterprises this person acts for, and as what."""
    held = Membership.objects.filter(user=actor.user_id, active=True)
    return held.select_related("enterprise__jurisdiction").order_by("enterprise__name", "pk")


def has_unrepaired_mark(enterprise_id: int) -> bool:
    """Whether dishonesty or a missed commitment stands on the record, not yet repaired."""
    return EnterpriseMark.objects.filter(enterprise=enterprise_id, repaired_at=None).exists()


def _upwards(jurisdiction: Jurisdiction) -> Iterable[Jurisdiction]:
    place: Jurisdiction | None = jurisdiction
    while place is not None:
        yield place
        place = place.parent
