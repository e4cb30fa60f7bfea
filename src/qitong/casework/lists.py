"""Lists of cases cut by a filter: the same rows on the page, in its counts and in an export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import Case as Case_
from django.db.models.lookups import GreaterThan

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department, User
from qitong.accounts.places import Below
from qitong.casework import queries, sight
from qitong.casework.finding import narrow
from qitong.casework.lights import shines
from qitong.casework.logic.filters import ANY, OPEN, REQUEST, Filter, Scope
from qitong.casework.logic.finding import gist
from qitong.casework.logic.flow import OPEN_STATES
from qitong.casework.logic.terms import Side
from qitong.casework.models import Case, Participant, Task
from qitong.casework.models.case import due_date
from qitong.casework.notes import has_unread, unread_for
from qitong.casework.sight import Reach
from qitong.catalogue.calendar import newest_row
from qitong.catalogue.models import ItemVersion, Step
from qitong.kernel.words import Named
from qitong.kernel.workdays import Calendar
from qitong.sql.frozen import Frozen

Items = dict[str, Named]


@dataclass(frozen=True, slots=True)
class Hands:
    """What decides what an officer finds in their lists: themselves, their departments, and their reach."""

    people: Collection[int]
    departments: Collection[int]
    reach: Reach

    @classmethod
    def of(cls, actor: Actor) -> Hands:
        return cls(actor.people, actor.departments(), Reach.of(actor))

    @property
    def values(self) -> dict[str, Collection[int]]:
        """For a frozen query, beside the kind of the reach as its shape."""
        reach = self.reach
        return {
            "mine": self.people,
            "own": self.departments,
            "companies": reach.companies,
            "people": reach.people,
            "departments": reach.departments,
            "places": reach.places,
        }


def ways(hands: Hands, scope: Scope, *, apart: bool = True) -> list[Q]:
    """How a case comes into the scope, each a condition of its own; ``apart``: to be looked up by itself.

    Mine: I own it, help with it or hold a task of it (or stand in for who does).
    """
    match scope:
        case Scope.MINE:
            people = hands.people
            held = sight.with_task(Q(assignee_id__in=people), apart=apart)
            return [Q(owner_id__in=people), sight.helped_by(people, apart=apart), held]
        case Scope.DEPARTMENT:
            departments = hands.departments
            at_work = sight.with_task(Q(department_id__in=departments), apart=apart)
            return [Q(window_id__in=departments), at_work]
        case Scope.ALL:
            reach = hands.reach
            if reach.kind == Reach.SUBMITTED:
                return [Q()]
            own = [Q(enterprise_id__in=reach.companies)] if reach.companies else []
            return [*sight.ways(reach, apart=apart), *own]


def standing(actor: Actor, *, most: int) -> list[dict[str, Any]]:
    """One row for each whose desk the officer's is, by primary key: ``name``, how much is open in each scope
    (at most one more than ``most``) and what the calendar in use asks (``newest``); one query.
    """
    hands = Hands.of(actor)
    return _STANDING(most, hands.reach.kind, **hands.values)


def _standing(
    most: int,
    kind: str,
    *,
    mine: Collection[int],
    own: Collection[int],
    companies: Collection[int],
    people: Collection[int],
    departments: Collection[int],
    places: Collection[int],
) -> QuerySet[User, Any]:
    hands = Hands(mine, own, Reach(kind, companies, people, departments, places))
    counts = {scope.value: count_open(hands, scope, most=most) for scope in Scope}
    rows = User.objects.filter(pk__in=mine).order_by("pk")
    found: QuerySet[User, Any] = rows.annotate(**counts, newest=newest_row()).values(
        "pk", "name", "newest", *counts
    )
    return found


_STANDING: Frozen[dict[str, Any]] = Frozen(_standing, plan_kept=False)


def belongs(actor: Actor, scope: Scope) -> Q:
    """Of the cases that the actor sees, those in the scope."""
    return Q() if scope is Scope.ALL else reduce(or_, ways(Hands.of(actor), scope, apart=False))


def count_open(hands: Hands, scope: Scope, *, most: int) -> Case_ | Subquery:
    """How much is open in the scope, at most one more than ``most``; inside another query.

    Each way is looked up by itself: one that holds for few is not sought among all that is open. Where one
    alone leads to more than ``most``, the others are not gone.
    """
    parts = [part[: most + 1] for part in _parts_open(hands, scope)]
    enough = [When(GreaterThan(Counted(part), most), then=Value(most + 1)) for part in parts[:-1]]
    return Case_(*enough, default=Counted(_together(parts)[: most + 1])) if enough else Counted(parts[0])


def _parts_open(hands: Hands, scope: Scope) -> list[QuerySet[Case, int]]:
    """What one person has is found by the person; others' cases are come across in their order."""
    is_open = Case.objects.filter(state__in=OPEN_STATES)
    own, others = _own_and_others(hands, scope)
    found = [is_open.filter(way) for way in own]
    found += [is_open.order_by("submitted_at", "pk").filter(way) for way in others]
    return [rows.values_list("pk", flat=True) for rows in found]


def _own_and_others(hands: Hands, scope: Scope) -> tuple[list[Q], list[Q]]:
    if scope is Scope.MINE:
        return ways(hands, scope), []
    reach = hands.reach
    if scope is Scope.DEPARTMENT or reach.kind != Reach.OFFICER:
        return [], ways(hands, scope)
    own = ways(replace(hands, people=reach.people), Scope.MINE)
    return own, ways(replace(hands, reach=replace(reach, people=())), scope)


def _together(parts: Sequence[QuerySet[Case, int]]) -> QuerySet[Case, int]:
    first, *rest = parts
    return first.union(*rest) if rest else first


class Counted(Subquery):
    """How many rows there are, which are limited already."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def handed_in(actor: Actor) -> QuerySet[Case]:
    """All an officer may see, without what only lists need."""
    return queries.visible(actor).exclude(submitted_at=None)


def cut(
    rows: QuerySet[Case], actor: Actor, by: Filter, *, calendar: Calendar, today: dt.date
) -> QuerySet[Case]:
    """Those of :func:`handed_in` that the filter leaves, with ``due`` and ``has_news`` (an unread note)."""
    return _within(rows.filter(belongs(actor, by.scope)), by, calendar=calendar, today=today)


def cut_apart(actor: Actor, by: Filter, *, calendar: Calendar, today: dt.date) -> list[QuerySet[Case]]:
    """What :func:`cut` leaves of an officer's cases, each way into the scope by itself."""
    found = ways(Hands.of(actor), by.scope)
    return [_within(Case.objects.filter(way), by, calendar=calendar, today=today) for way in found]


def _within(rows: QuerySet[Case], by: Filter, *, calendar: Calendar, today: dt.date) -> QuerySet[Case]:
    rows = rows.exclude(submitted_at=None).annotate(due=due_date(), has_news=has_unread(Side.OFFICE))
    if by.state == OPEN:
        rows = rows.filter(state__in=OPEN_STATES)
    elif by.state != ANY:
        rows = rows.filter(state=by.state)
    if by.lights:
        shining = Q()
        for colour in by.lights:
            shining |= shines(colour, calendar=calendar, today=today)
        rows = rows.filter(shining)
    if by.item:
        of_item = {"item_version": None} if by.item == REQUEST else {"item_version__code": by.item}
        rows = rows.filter(**of_item)
    first, last = by.due_range(today)
    if first:
        rows = rows.filter(due__gte=first)
    if last:
        rows = rows.filter(due__lte=last)
    if by.unread:
        rows = rows.filter(unread_for(Side.OFFICE))
    if by.text:
        rows = narrow(rows, gist(by.text))
    return rows


class _Received(Func):
    """For ``pk__in=``: the versions of items of which these windows (an array) received a case.

    Hops along the index from each pair of window and item to the next: a few hundred steps, however many
    cases there are. Asked of each item, the planner would rather read all cases than miss a first one.
    """

    template = """(
WITH RECURSIVE pair(window_id, item) AS (
    (SELECT window_id, item_version_id FROM casework_case
     WHERE window_id IS NOT NULL AND item_version_id IS NOT NULL ORDER BY 1, 2 LIMIT 1)
    UNION ALL
    SELECT next.* FROM pair, LATERAL (
        SELECT window_id, item_version_id FROM casework_case
        WHERE (window_id, item_version_id) > (pair.window_id, pair.item) AND item_version_id IS NOT NULL
        ORDER BY 1, 2 LIMIT 1) AS next
) SELECT item FROM pair WHERE window_id = ANY(%(expressions)s))"""
    output_field = BigIntegerField()


def items_seen(actor: Actor) -> Items:
    """The items of the cases an officer may see by code, and no others."""
    reach = Reach.of(actor)
    values = {name: value for name, value in reach.values.items() if name != "viewer"}
    return {code: Named(zh, en) for code, zh, en in _ITEMS(reach.kind, **values)}


def _items(
    kind: str,
    *,
    companies: Collection[int],
    people: Collection[int],
    departments: Collection[int],
    places: Collection[int],
) -> QuerySet[ItemVersion, tuple[str, str, str]]:
    seen = _of_items(Reach(kind, companies, people, departments, places))
    found = ItemVersion.objects.filter(seen).order_by("code", "version_id")
    return found.values_list("code", "name_zh", "name_en")


_ITEMS: Frozen[tuple[str, str, str]] = Frozen(_items, plan_kept=False)


def _of_items(reach: Reach) -> Q:
    every = Department.objects.values("pk")
    if reach.kind == Reach.SUBMITTED:
        return Q(pk__in=_Received(ArraySubquery(every)))
    people, departments = reach.people, reach.departments
    tasks = Task.objects.filter(case__item_version=OuterRef("pk"))
    windows = every.filter(Q(pk__in=departments) | Q(jurisdiction_id__in=Below(reach.places)))
    seen = (
        Q(pk__in=_Received(ArraySubquery(windows)))
        | Q(Exists(Case.objects.filter(item_version=OuterRef("pk"), owner_id__in=people)))
        | Q(Exists(Participant.objects.filter(case__item_version=OuterRef("pk"), user_id__in=people)))
        | Q(Exists(tasks.filter(assignee_id__in=people, department_id__in=every.exclude(pk__in=departments))))
    )
    if departments:
        seen |= _at_work(departments) | Q(
            Exists(tasks.filter(department_id__in=departments).exclude(return_reason=""))
        )
    if reach.companies:
        own = Case.objects.filter(item_version=OuterRef("pk"), submitted_at__isnull=False)
        seen |= Q(Exists(own.filter(enterprise_id__in=reach.companies)))
    return seen


def _at_work(departments: Collection[int]) -> Q:
    """The items with a step of these departments, of which there is a case that they work on."""
    codes = Department.objects.filter(pk__in=departments).values("code")
    step = Step.objects.filter(item_version=OuterRef("pk"), department__in=codes)
    begun = Case.objects.filter(
        sight.with_task(Q(department_id__in=departments), apart=False), item_version=OuterRef("pk")
    )
    return Q(
        Exists(step), sight.Probe(begun), pk__in=_Received(ArraySubquery(Department.objects.values("pk")))
    )
