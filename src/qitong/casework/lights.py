"""The light of a case as a condition on rows, so that a list can be cut by it in the database.

The same answer as ``logic.light.case_light`` gives for one case (a test holds them together).
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qitong.casework.logic.clock import warn_day
from qitong.casework.logic.flow import CaseState
from qitong.casework.logic.light import Colour
from qitong.casework.models import Pause
from qitong.kernel.workdays import Calendar, PauseReason

RUNNING = (CaseState.IN_REVIEW, CaseState.AWAITING_DECISION, CaseState.APPROVED)
FARTHEST = 60
"""Days a near due date can lie ahead: two working days over the longest holiday, with room."""


def shines(colour: Colour, *, calendar: Calendar, today: dt.date) -> Q:
    """Cases whose light has this colour today. ``Colour.NONE`` are the drafts."""
    running = Q(state__in=RUNNING)
    stopped = Q(Exists(_stopping()))
    if colour is Colour.NONE:
        return Q(state=CaseState.DRAFT)
    if colour is Colour.PAUSED:
        return Q(state=CaseState.CORRECTION) | (running & stopped)
    if colour is Colour.DONE:
        return ~Q(state__in=(*RUNNING, CaseState.DRAFT, CaseState.SUBMITTED, CaseState.CORRECTION))
    near, near_if_long = _last_near(calendar, today, 5), _last_near(calendar, today, 11)
    short = Q(promise_days__lte=10 - F("extension_days"))
    return (
        (Q(state=CaseState.SUBMITTED) & _due("plan_due_on", colour, today, near))
        | (running & ~stopped & short & _due("promise_due_on", colour, today, near))
        | (running & ~stopped & ~short & _due("promise_due_on", colour, today, near_if_long))
    )


def task_shines(colour: Colour, *, calendar: Calendar, today: dt.date) -> Q:
    """Live tasks whose light has this colour today, as ``logic.light.task_light`` gives it for one."""
    stopped = Q(Exists(Pause.objects.filter(task=OuterRef("pk"), ends_on=None)))
    if colour is Colour.PAUSED:
        return stopped
    near, near_if_long = _last_near(calendar, today, 5), _last_near(calendar, today, 11)
    short, long = Q(days__lte=10), Q(days__gt=10)
    return ~stopped & (
        (short & _due("due_on", colour, today, near)) | (long & _due("due_on", colour, today, near_if_long))
    )


def _stopping() -> QuerySet[Pause]:
    """The open pauses of a case that stop its promise."""
    reasons = [reason.value for reason in PauseReason if reason.stops_promise]
    return Pause.objects.filter(case=OuterRef("pk"), ends_on=None, reason__in=reasons)


def _due(field: str, colour: Colour, today: dt.date, near: dt.date) -> Q:
    if colour is Colour.RED:
        return Q(**{f"{field}__lt": today})
    if colour is Colour.AMBER:
        return Q(**{f"{field}__gte": today, f"{field}__lte": near})
    return Q(**{f"{field}__gt": near})


def _last_near(calendar: Calendar, today: dt.date, days: int) -> dt.date:
    """The last due date that counts as near today (the day before today when none does)."""
    last = today - dt.timedelta(days=1)
    for n in range(FARTHEST):
        day = today + dt.timedelta(days=n)
        if warn_day(calendar, day, days) > today:
            break
        last = day
    return last
