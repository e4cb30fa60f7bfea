"""What is known of a case and its tasks becomes the facts that every figure is added up from.

All definitions are here (``docs/measures.md`` says them to people):

* *Open* is what waits for a result: a case from its submission until its result is delivered or
  refused, a task from its start until it is done.
* The *deadline* of an open case is the day its light counts to: the answer on acceptance before it,
  the promise after it. While the light says "paused" there is none, so what is paused is neither
  due nor overdue. A task's deadline is its department's own.
* *Closed* is what has its result. The day of a case's result is the day of the decision, as the
  light has it; *on time* means that day is not after the promised one. A reopened case is open again
  and counts by its last result.
* The *duration* is working days from the day of receipt (which does not count) to the result, pauses
  included; ``split`` says whose days they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qitong.casework.logic.clock import warn_day
from qitong.casework.logic.flow import LIVE_TASK_STATES, CaseState, TaskState
from qitong.insight.logic.split import NO_DAYS, Split, Stop, Turn, of_case, of_task
from qitong.insight.logic.terms import Kind, Standing
from qitong.kernel.workdays import Calendar

_RUNNING = frozenset({CaseState.IN_REVIEW, CaseState.AWAITING_DECISION, CaseState.APPROVED})
_WITH_RESULT = frozenset({CaseState.DELIVERED, CaseState.CLOSED, CaseState.REFUSED})
REPLY_DAYS = 5
"""The answer on acceptance turns amber as a limit of five days does (``logic.light``)."""


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task's own dates; ``ended_on`` is when it was done or dropped."""

    id: int
    state: TaskState
    department: int
    enabled_on: dt.date | None
    counted_from: dt.date | None
    taken_on: dt.date | None
    ended_on: dt.date | None
    due_on: dt.date | None
    days: int


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A submitted case's own dates. ``ended_on`` is when it ended without a result."""

    id: int
    state: CaseState
    window: int
    lead: int
    item: str
    received_on: dt.date
    reply_due_on: dt.date | None
    promise_due_on: dt.date | None
    promise_days: int
    decided_on: dt.date | None
    ended_on: dt.date | None
    tasks: Sequence[KnownTask] = ()
    stops: Sequence[Stop] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of facts: of a case (``task`` None) or of one of its tasks."""

    kind: Kind
    case: int
    task: int | None
    window: int
    department: int
    item: str
    received_on: dt.date
    standing: Standing
    deadline: dt.date | None = None
    warn_on: dt.date | None = None
    ended_on: dt.date | None = None
    on_time: bool | None = None
    days: int | None = None
    split: Split = NO_DAYS


def measure(calendar: Calendar, case: KnownCase) -> Iterator[Measured]:
    """The facts of a case and of those of its tasks that have started."""
    yield _case(calendar, case)
    for task in case.tasks:
        if task.counted_from is not None and task.state is not TaskState.WAITING:
            yield _task(calendar, case, task, task.counted_from)


def _case(calendar: Calendar, case: KnownCase) -> Measured:
    base = Measured(
        kind=Kind.CASE,
        case=case.id,
        task=None,
        window=case.window,
        department=case.lead,
        item=case.item,
        received_on=case.received_on,
        standing=Standing.OPEN,
    )
    if case.state in _WITH_RESULT and case.decided_on is not None and case.promise_due_on is not None:
        turns = [_turn(task, task.enabled_on) for task in case.tasks if task.enabled_on is not None]
        split = of_case(calendar, case.received_on, case.decided_on, turns, case.stops)
        return _closed(base, case.decided_on, case.promise_due_on, split)
    if case.ended_on is not None:
        return replace(base, standing=Standing.ENDED, ended_on=case.ended_on)
    deadline, days = _deadline(case)
    return _open(base, calendar, deadline, days)


def _deadline(case: KnownCase) -> tuple[dt.date | None, int]:
    """The day the light counts to and how many days were given; no day while it stands still."""
    if case.state is CaseState.SUBMITTED:
        return case.reply_due_on, REPLY_DAYS
    if case.state in _RUNNING and not any(s.is_open and s.reason.stops_promise for s in case.stops):
        return case.promise_due_on, case.promise_days
    return None, 0


def _task(calendar: Calendar, case: KnownCase, task: KnownTask, counted_from: dt.date) -> Measured:
    base = Measured(
        kind=Kind.TASK,
        case=case.id,
        task=task.id,
        window=case.window,
        department=task.department,
        item=case.item,
        received_on=counted_from,
        standing=Standing.OPEN,
    )
    if task.state is TaskState.DONE and task.ended_on is not None and task.due_on is not None:
        split = of_task(calendar, _turn(task, counted_from), task.ended_on, case.stops)
        return _closed(base, task.ended_on, task.due_on, split)
    if task.state not in LIVE_TASK_STATES:
        return replace(base, standing=Standing.ENDED, ended_on=task.ended_on)
    paused = any(stop.is_open and stop.task == task.id for stop in case.stops)
    return _open(base, calendar, None if paused else task.due_on, task.days)


def _turn(task: KnownTask, start: dt.date) -> Turn:
    return Turn(task.id, start, task.taken_on, task.ended_on)


def _closed(base: Measured, on: dt.date, due_on: dt.date, split: Split) -> Measured:
    return replace(
        base, standing=Standing.CLOSED, ended_on=on, on_time=on <= due_on, days=split.days, split=split
    )


def _open(base: Measured, calendar: Calendar, deadline: dt.date | None, days: int) -> Measured:
    warn_on = warn_day(calendar, deadline, days) if deadline is not None else None
    return replace(base, deadline=deadline, warn_on=warn_on)
