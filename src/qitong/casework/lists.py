"""Lists of cases cut by a filter: the same rows on the page, in its counts and in an export."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
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
from qitong.casework.notes import unread_for
from qitong.catalogue.models import ItemVersion, Step
from qitong.kernel.words import Named
from qitong.kernel.workdays import Calendar

Items = dict[str, Named]


def ways(actor: Actor, scope: Scope) -> list[Q]:
    """How a case comes into the scope, each a condition of its own to be looked up by itself.

    Mine: I own it, help with it or hold a task of it (or stand in for who does).
    """
    match scope:
        case Scope.MINE:
            people = actor.people
            held = sight.with_task(Q(assignee_id__in=people))
            return [Q(owner_id__in=people), sight.helped_by(people), held]
        case Scope.DEPARTMENT:
            departments = actor.departments()
            at_work = sight.with_task(Q(department_id__in=departments))
            return [Q(window_id__in=departments), at_work]
        case Scope.ALL:
            if sight.sees_everything(actor):
                return [Q()]
            own = [Q(enterprise_id__in=actor.enterprise_ids)] if actor.enterprise_ids else []
            return [*sight.ways(sight.Reach.of(actor), apart=True), *own]


def belongs(actor: Actor, scope: Scope) -> Q:
    """Of the cases that the actor sees, those in the scope."""
    return Q() if scope is Scope.ALL else reduce(or_, ways(actor, scope))


def open_in(actor: Actor, scope: Scope, *, most: int) -> QuerySet[Case, int]:
    """The primary keys of what is open in the scope, at most so many (of an officer).

    Each way is looked up by itself: one that holds for few is not sought among all that is open.
    """
    is_open = Case.objects.filter(state__in=OPEN_STATES).order_by("submitted_at", "pk")
    first, *rest = [is_open.filter(way).values_list("pk", flat=True)[:most] for way in ways(actor, scope)]
    return first.union(*rest)[:most] if rest else first


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
    return [
        _within(Case.objects.filter(way), by, calendar=calendar, today=today) for way in ways(actor, by.scope)
    ]


def _within(rows: QuerySet[Case], by: Filter, *, calendar: Calendar, today: dt.date) -> QuerySet[Case]:
    rows = rows.exclude(submitted_at=None).annotate(due=due_date(), has_news=unread_for(Side.OFFICE))
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
        rows = rows.filter(has_news=True)
    if by.text:
        rows = narrow(rows, gist(by.text))
    return rows


def items_seen(actor: Actor) -> Items:
    """The items of the cases an officer may see by code, and no others.

    Asked of each item rather than of the cases, who are many more: what a department works on is sought
    where an item has a step of its own, and among the tasks that were given to it by hand.
    """
    cases = Case.objects.filter(item_version=OuterRef("pk"), submitted_at__isnull=False)
    if sight.sees_everything(actor):
        return _named(Q(Exists(cases)))
    reach = sight.Reach.of(actor)
    people, departments = reach.people, reach.departments
    tasks = Task.objects.filter(case__item_version=OuterRef("pk"))
    elsewhere = Department.objects.exclude(pk__in=departments).values("pk")
    seen = (
        Q(Exists(cases.filter(owner_id__in=people)))
        | Q(Exists(Participant.objects.filter(case__item_version=OuterRef("pk"), user_id__in=people)))
        | Q(Exists(tasks.filter(assignee_id__in=people, department_id__in=elsewhere)))
    )
    if departments:
        codes = Department.objects.filter(pk__in=departments).values("code")
        step = Step.objects.filter(item_version=OuterRef("pk"), department__in=codes)
        begun = cases.filter(sight.with_task(Q(department_id__in=departments)))
        given = tasks.filter(department_id__in=departments).exclude(return_reason="")
        seen |= Q(Exists(cases.filter(window_id__in=departments))) | Q(Exists(given))
        seen |= Q(Exists(step)) & Q(Exists(begun))
    if reach.places:
        windows = Department.objects.filter(jurisdiction_id__in=Below(reach.places))
        seen |= Q(Exists(cases.filter(window_id__in=windows.values("pk"))))
    if reach.companies:
        seen |= Q(Exists(cases.filter(enterprise_id__in=reach.companies)))
    return _named(seen)


def _named(which: Q) -> Items:
    found = ItemVersion.objects.filter(which).order_by("code", "version_id")
    return {code: Named(zh, en) for code, zh, en in found.values_list("code", "name_zh", "name_en")}
