"""Who sees which cases: the one rule behind every list, page, count and answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from qitong.accounts.actors import Actor, Role
from qitong.accounts.places import Below
from qitong.casework.models import Case, Participant, Task

SEES_EVERYTHING = (Role.AUDITOR,)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose cases an actor sees: of companies, people, departments and whole places; an officer's handed in.

    ``kind`` is one of ALL (the program), SUBMITTED (auditors), OFFICER and COMPANY; ``viewer`` is how the
    ledger calls an officer, to whom personal data may be shown for a while.
    """

    kind: str
    companies: Collection[int]
    people: Collection[int]
    departments: Collection[int]
    places: Collection[int]
    viewer: str | None = None

    ALL = "all"
    SUBMITTED = "submitted"
    OFFICER = "officer"
    COMPANY = "company"

    @classmethod
    def of(cls, actor: Actor) -> Reach:
        if actor.is_system:
            kind = cls.ALL
        elif sees_everything(actor):
            kind = cls.SUBMITTED
        else:
            kind = cls.OFFICER if actor.is_officer else cls.COMPANY
        viewer = actor.ref if actor.is_officer else None
        if kind in (cls.ALL, cls.SUBMITTED):
            return cls(kind, (), (), (), (), viewer)
        if kind == cls.COMPANY:
            return cls(kind, actor.enterprise_ids, (), (), ())
        departments = actor.departments() | actor.departments_overseen()
        return cls(kind, actor.enterprise_ids, actor.desks, departments, actor.places_overseen(), viewer)

    @classmethod
    def own(cls, actor: Actor) -> Reach:
        """As a member of companies alone."""
        return cls(cls.COMPANY, actor.enterprise_ids, (), (), ())

    @property
    def values(self) -> dict[str, Any]:
        """For a frozen query, beside the kind as its shape."""
        return {
            "companies": self.companies,
            "people": self.people,
            "departments": self.departments,
            "places": self.places,
            "viewer": self.viewer,
        }


def seen(reach: Reach) -> QuerySet[Case]:
    """The cases within this reach."""
    cases = Case.objects.all()
    if reach.kind == Reach.ALL:
        return cases
    if reach.kind == Reach.SUBMITTED:
        return cases.exclude(submitted_at=None)
    scope = Q(enterprise_id__in=reach.companies)
    if reach.kind == Reach.OFFICER:
        scope |= reduce(or_, ways(reach)) & Q(submitted_at__isnull=False)
    return cases.filter(scope)


def sees_everything(actor: Actor) -> bool:
    """All that was handed in, whoever works on it."""
    return any(actor.has(role) for role in SEES_EVERYTHING)


def ways(reach: Reach, *, apart: bool = False) -> list[Q]:
    """How an officer comes to see a case that was handed in: each way a condition, the cheap ones first.

    A condition that nothing can fulfil is left out. ``apart``: each is to be looked up by itself, so the
    tasks of the departments and those of the people are two.
    """
    found = [Q(owner_id__in=reach.people)]
    if reach.departments:
        found.append(Q(window_id__in=reach.departments))
    if reach.places:
        found.append(Q(window__jurisdiction_id__in=Below(reach.places)))
    found.append(helped_by(reach.people, apart=apart))
    desks = [Q(assignee_id__in=reach.people)]
    if reach.departments:
        desks.append(Q(department_id__in=reach.departments))
    return [*found, *(with_task(desk, apart=apart) for desk in (desks if apart else [reduce(or_, desks)]))]


class Probe(Exists):
    """Looked up for each row, and never by reading all there is of it first.

    The planner does not know how soon a page is full: it would read every task a department ever had to
    answer for twenty-five rows. ``OFFSET 0`` keeps it from that.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


def helped_by(people: Iterable[int], *, apart: bool) -> Q:
    """The cases with these people's help; ``apart``: they are looked up by it alone."""
    found = Participant.objects.filter(case_id=OuterRef("pk"), user_id__in=people)
    return Q(Exists(found) if apart else Probe(found))


def with_task(which: Q, *, apart: bool) -> Q:
    """The cases with such a task; ``apart`` as above."""
    found = Task.objects.filter(which, case_id=OuterRef("pk"))
    return Q(Exists(found) if apart else Probe(found))
