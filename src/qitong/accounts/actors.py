"""Who acts: everything a permission needs to know, read once per request."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from qitong.accounts.logic.days import shanghai_date
from qitong.accounts.logic.roles import OFFICER_ROLES, OVERSEEING, Grant, Role
from qitong.accounts.logic.substitutes import stands_in_for
from qitong.accounts.models import Absence, ApiToken, Membership, MembershipRole, RoleAssignment, User
from qitong.sql.frozen import Frozen

__all__ = ["Actor", "Grant", "Role", "actor_for", "actor_for_token", "digest_of"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token or the system, and what it holds on one day.

    ``ref`` is ``user:7``, ``token:3`` or ``system:sweep``; the sets hold primary keys. What an absent
    leader or head oversees is shown to who stands in for them (``in_place_of``), who decides nothing by it.
    """

    ref: str
    user_id: int | None
    name: str
    roles: frozenset[Grant] = frozenset()
    enterprise_ids: frozenset[int] = frozenset()
    administers: frozenset[int] = frozenset()
    stands_in_for: frozenset[int] = frozenset()
    in_place_of: frozenset[Grant] = frozenset()

    @classmethod
    def system(cls, name: str) -> Actor:
        """The program itself, acting as the job ``name``."""
        return cls(ref=f"system:{name}", user_id=None, name=name)

    @classmethod
    def visitor(cls) -> Actor:
        """Somebody who has not signed in."""
        return cls(ref="visitor", user_id=None, name="")

    @property
    def is_system(self) -> bool:
        return self.ref.startswith("system:")

    @property
    def is_person(self) -> bool:
        """Signed in as themselves, not through a token."""
        return self.ref.startswith("user:")

    @property
    def is_officer(self) -> bool:
        return any(grant.role in OFFICER_ROLES for grant in self.roles)

    def has(self, role: Role, department_id: int | None = None) -> bool:
        """Whether the role is held: in that department, or (without one) anywhere."""
        return any(
            grant.role == role and (department_id is None or grant.department_id == department_id)
            for grant in self.roles
        )

    def departments(self, role: Role | None = None) -> frozenset[int]:
        """The departments in which the role (any role, without one) is held."""
        return frozenset(
            grant.department_id
            for grant in self.roles
            if grant.department_id is not None and (role is None or grant.role == role)
        )

    def jurisdictions(self, role: Role) -> frozenset[int]:
        """The jurisdictions for which the role is held."""
        return frozenset(
            grant.jurisdiction_id
            for grant in self.roles
            if grant.jurisdiction_id is not None and grant.role == role
        )

    def places_overseen(self) -> frozenset[int]:
        """The jurisdictions one sees: as their leader, or in the place of an absent one."""
        grants = self.roles | self.in_place_of
        return frozenset(g.jurisdiction_id for g in grants if g.role == Role.LEADER and g.jurisdiction_id)

    def departments_overseen(self) -> frozenset[int]:
        """The departments one sees whole: as their head, or in the place of an absent one."""
        grants = self.roles | self.in_place_of
        return frozenset(
            g.department_id for g in grants if g.role == Role.DEPARTMENT_HEAD and g.department_id
        )

    @property
    def people(self) -> frozenset[int]:
        """Oneself and whom one stands in for today."""
        return self.stands_in_for | {self.user_id} if self.user_id is not None else self.stands_in_for

    @property
    def desks(self) -> frozenset[int]:
        """Whose desks one sees: one's own, and those of whom one stands in for today.

        A token sees none: it is of one role in one place, wherever else its person works.
        """
        return self.people if self.is_person else frozenset()

    def acts_for(self, user_id: int | None) -> bool:
        """Whether this is that person, or who stands in for them today."""
        return user_id in self.people


def actor_for(user: User, *, on: dt.date) -> Actor:
    """Return what ``user`` may do on a day (Shanghai date); nothing when the account is closed.

    One query, for every page asks this first.
    """
    if not user.is_active:
        return Actor(ref=user.ref, user_id=user.pk, name=user.name)
    held, members, absences = _held(user.pk, on)
    roles = held.get(user.pk, frozenset())
    absent = stands_in_for(user.pk, absences) if roles else frozenset()
    return Actor(
        ref=user.ref,
        user_id=user.pk,
        name=user.name,
        roles=roles,
        enterprise_ids=frozenset(members),
        administers=frozenset(e for e, role in members.items() if role == MembershipRole.ADMINISTRATOR),
        stands_in_for=absent,
        in_place_of=frozenset(grant for person in absent for grant in held.get(person, ())),
    )


Held = tuple[dict[int, frozenset[Grant]], dict[int, str], dict[int, int]]


def _held(user_id: int, on: dt.date) -> Held:
    """Roles by who holds them, memberships (enterprise to role), the day's absences (user to substitute)."""
    grants: dict[int, frozenset[Grant]] = {}
    enterprises, away = {}, {}
    for kind, person, role, first, second in _HELD(user=user_id, on=on):
        if kind == "role":
            grants[person] = grants.get(person, frozenset()) | {Grant(Role(role), first, second)}
        elif kind == "member":
            enterprises[first] = role
        else:
            away[person] = second
    return grants, enterprises, away


def _held_rows(user: int, on: dt.date) -> QuerySet[Any, Any]:
    """One query. Of everybody absent only what they oversee is read."""

    def rows(found: QuerySet[Any], kind: str, role: str | Value, *ids: str) -> QuerySet[Any, Any]:
        return found.values_list(Value(kind), "user_id", role, *ids)

    members = Membership.objects.filter(user=user, active=True)
    absences = Absence.objects.filter(starts_on__lte=on, ends_on__gte=on, cancelled_at=None)
    overseeing = _assignments(on).filter(
        user__in=absences.values("user"), user__is_active=True, role__in=OVERSEEING
    )
    return rows(_assignments(on).filter(user=user), "role", "role", "department_id", "jurisdiction_id").union(
        rows(overseeing.exclude(user=user), "role", "role", "department_id", "jurisdiction_id"),
        rows(members, "member", "role", "enterprise_id", "enterprise_id"),
        rows(absences, "absence", Value(""), "substitute_id", "substitute_id"),
        all=True,
    )


_HELD: Frozen[Any] = Frozen(_held_rows)


def digest_of(raw: str) -> str:
    """The SHA-256 of a raw token, in hexadecimal: all that is stored of it."""
    return hashlib.sha256(raw.encode()).hexdigest()


def actor_for_token(raw: str, *, at: dt.datetime) -> Actor | None:
    """Return the actor of a token: its one role in its one place, never more than its user holds.

    It acts in its person's name: papers and the timeline carry names of people, while the ledger's
    ``by`` says which token it was.

    None when the token is unknown, expired or revoked, when its user is closed, or when its user
    no longer holds the role or membership it was made for. The day of last use is noted once a day.
    """
    token = _TOKEN.first(digest=digest_of(raw), at=at)
    if token is None:
        return None
    on = shanghai_date(at)
    actor = _limited(token, on)
    if actor is not None and token.last_used_on != on:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=on)
    return actor


def _token(digest: str, at: dt.datetime) -> QuerySet[ApiToken]:
    return (
        ApiToken.objects.select_related("user")
        .annotate(still_member=Exists(_membership_of_token()))
        .filter(digest=digest, revoked_at=None, expires_at__gt=at, user__is_active=True)
        .order_by("pk")[:1]
    )


def _membership_of_token() -> QuerySet[Membership]:
    return Membership.objects.filter(user=OuterRef("user"), enterprise=OuterRef("enterprise"), active=True)


_TOKEN: Frozen[ApiToken] = Frozen(_token)


def _limited(token: ApiToken, on: dt.date) -> Actor | None:
    ref, name = f"token:{token.pk}", token.user.name
    if token.enterprise_id is not None:
        if not vars(token)["still_member"]:
            return None
        return Actor(
            ref=ref,
            user_id=token.user_id,
            name=name,
            roles=frozenset({Grant(Role.ENTERPRISE)}),
            enterprise_ids=frozenset({token.enterprise_id}),
        )
    roles = frozenset(
        grant
        for grant in _grants(token.user_id, on)
        if grant.role == token.role and grant.department_id == token.department_id
    )
    return Actor(ref=ref, user_id=token.user_id, name=name, roles=roles) if roles else None


def _grants(user_id: int, on: dt.date) -> frozenset[Grant]:
    held = _assignments(on).filter(user=user_id).values_list("role", "department_id", "jurisdiction_id")
    return frozenset(Grant(Role(role), department, place) for role, department, place in held)


def _assignments(on: dt.date) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)
