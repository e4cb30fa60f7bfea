"""Lists of cases cut by a filter: the same rows on the page, in its counts and in an export."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case as Case_
from django.db.models import Q, QuerySet, When
from django.db.models.functions import Coalesce

from qitong.accounts.actors import Actor
from qitong.casework.finding import narrow
from qitong.casework.lights import shines
from qitong.casework.logic.filters import ANY, OPEN, REQUEST, Filter, Scope
from qitong.casework.logic.finding import gist
from qitong.casework.logic.flow import OPEN_STATES
from qitong.casework.logic.terms import Side
from qitong.casework.models import Case, Participant, Task
from qitong.casework.notes import unread_for
from qitong.casework.queries import visible
from qitong.kernel.words import Named
from qitong.kernel.workdays import Calendar

Items = dict[str, Named]


def belongs(actor: Actor, scope: Scope) -> Q:
    """Mine: I own it, help with it or hold a task of it (or stand in for who does)."""
    if scope is Scope.MINE:
        return (
            Q(owner_id__in=actor.people)
            | Q(pk__in=Participant.objects.filter(user_id__in=actor.people).values("case_id"))
            | Q(pk__in=Task.objects.filter(assignee_id__in=actor.people).values("case_id"))
        )
    if scope is Scope.DEPARTMENT:
        departments = actor.departments()
        at_work = Task.objects.filter(department_id__in=departments).values("case_id")
        return Q(window_id__in=departments) | Q(pk__in=at_work)
    return Q()


def handed_in(actor: Actor) -> QuerySet[Case]:
    """All an officer may see, without what only lists need."""
    return visible(actor).exclude(submitted_at=None)


def due_date() -> Case_:
    """The next date that was promised: the reply before acceptance, the result after it."""
    unaccepted = When(accepted_at=None, then="plan_due_on")
    return Case_(unaccepted, default=Coalesce("promise_due_on", "plan_due_on"))


def cut(
    rows: QuerySet[Case], actor: Actor, by: Filter, *, calendar: Calendar, today: dt.date
) -> QuerySet[Case]:
    """Those of :func:`handed_in` that the filter leaves, with ``due`` and ``has_news`` (an unread note)."""
    rows = (
        rows.exclude(submitted_at=None)
        .filter(belongs(actor, by.scope))
        .annotate(due=due_date(), has_news=unread_for(Side.OFFICE))
    )
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


def items_of(rows: QuerySet[Case]) -> Items:
    """The items of these cases by code, and no others."""
    found = rows.exclude(item_version=None).order_by("item_version__code")
    names = found.values_list("item_version__code", "item_version__name_zh", "item_version__name_en")
    return {code: Named(zh, en) for code, zh, en in names.distinct()}
