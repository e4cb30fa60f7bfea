"""What a sweep does about a case, a task or a commitment, and the reason when it does nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qitong.casework.logic.clock import (
    COMMITMENT_REMINDER_DAYS,
    alarm_for,
    day_of,
    warn_day,
    working_time,
)
from qitong.casework.logic.flow import LIVE_TASK_STATES, CaseState, TaskState
from qitong.kernel.workdays import Calendar


class Kind(StrEnum):
    """Reminders (raised once a thing and working day) and deeds of the system."""

    ACCEPTANCE_DUE = "acceptance_due"
    CONTACT_OVERDUE = "contact_overdue"
    PLAN_OVERDUE = "plan_overdue"
    PROMISE_NEAR = "promise_near"
    PROMISE_OVERDUE = "promise_overdue"
    CORRECTION_WAITING = "correction_waiting"
    TASK_NEAR = "task_near"
    TASK_OVERDUE = "task_overdue"
    DEPARTMENT_SILENT = "department_silent"
    REROUTE_OVERDUE = "reroute_overdue"
    COMMITMENT_NEAR = "commitment_near"
    UNOWNED = "unowned"
    DEEM_ACCEPTED = "deem_accepted"
    AUTO_CONFIRM = "auto_confirm"
    COMMITMENT_MISSED = "commitment_missed"


DEEDS = frozenset({Kind.UNOWNED, Kind.DEEM_ACCEPTED, Kind.AUTO_CONFIRM, Kind.COMMITMENT_MISSED})
"""Kinds by which the sweep acts instead of reminding; the law's clock does not wait for office hours."""


class Reason(StrEnum):
    """Why a sweep did something or nothing."""

    DUE = "due"
    NOT_DUE_YET = "not_due_yet"
    OUTSIDE_WORKING_TIME = "outside_working_time"
    ALREADY_REMINDED_TODAY = "already_reminded_today"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One possible act of a sweep. ``do`` only with the reason ``due``."""

    kind: Kind
    reason: Reason

    @property
    def do(self) -> bool:
        return self.reason is Reason.DUE


@dataclass(frozen=True, slots=True)
class CaseDates:
    """What a case waits for, and what has been done: all that its next alarm depends on."""

    state: CaseState
    contact_due_on: dt.date | None
    contacted: bool
    plan_due_on: dt.date | None
    planned: bool
    promise_due_on: dt.date | None
    promise_days: int
    correction_on: dt.date | None
    delivered_on: dt.date | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    dates: CaseDates
    promise_paused: bool
    confirm_until: dt.date | None
    owner_active: bool
    reminded: frozenset[str]


@dataclass(frozen=True, slots=True)
class TaskDates:
    """All that the next alarm of a task that counts depends on."""

    state: TaskState
    counted_from: dt.date
    due_on: dt.date
    days: int
    reroute_due_on: dt.date | None
    paused: bool


@dataclass(frozen=True, slots=True)
class TaskFacts:
    dates: TaskDates
    reminded: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Clock:
    calendar: Calendar
    now: dt.datetime
    reminded: frozenset[str]

    @property
    def today(self) -> dt.date:
        return day_of(self.now)

    def verdict(self, kind: Kind, due: bool, *, paused: bool = False) -> Verdict:
        return Verdict(kind, self._reason(kind, due, paused))

    def _reason(self, kind: Kind, due: bool, paused: bool) -> Reason:
        if paused:
            return Reason.PAUSED
        if not due:
            return Reason.NOT_DUE_YET
        if kind in DEEDS:
            return Reason.DUE
        if kind in self.reminded:
            return Reason.ALREADY_REMINDED_TODAY
        if not working_time(self.calendar, self.now):
            return Reason.OUTSIDE_WORKING_TIME
        return Reason.DUE


def judge_case(calendar: Calendar, facts: CaseFacts, now: dt.datetime) -> Iterator[Verdict]:
    """Everything a sweep looks at in a case, in the order in which it matters."""
    clock, case = _Clock(calendar, now, facts.reminded), facts.dates
    today = clock.today
    yield clock.verdict(Kind.UNOWNED, not facts.owner_active)
    if case.state is CaseState.SUBMITTED and case.plan_due_on:
        late = today > case.plan_due_on
        yield clock.verdict(Kind.DEEM_ACCEPTED, late)
        near = today >= warn_day(calendar, case.plan_due_on, 5)
        yield clock.verdict(Kind.ACCEPTANCE_DUE, near and not late)
    if case.state is CaseState.CORRECTION and case.correction_on:
        yield clock.verdict(Kind.CORRECTION_WAITING, today >= calendar.add(case.correction_on, 5))
    if case.state is CaseState.DELIVERED and facts.confirm_until:
        yield clock.verdict(Kind.AUTO_CONFIRM, today > facts.confirm_until)
        return
    if not case.contacted and case.contact_due_on:
        yield clock.verdict(Kind.CONTACT_OVERDUE, today > case.contact_due_on)
    if case.state in _PROMISED:
        yield from _judge_promise(clock, case, paused=facts.promise_paused)


_PROMISED = (CaseState.IN_REVIEW, CaseState.AWAITING_DECISION, CaseState.APPROVED)


def _judge_promise(clock: _Clock, case: CaseDates, *, paused: bool) -> Iterator[Verdict]:
    if not case.planned and case.plan_due_on:
        yield clock.verdict(Kind.PLAN_OVERDUE, clock.today > case.plan_due_on)
    due = case.promise_due_on
    if due is None:
        return
    if clock.today > due:
        yield clock.verdict(Kind.PROMISE_OVERDUE, True, paused=paused)
    else:
        near = clock.today >= warn_day(clock.calendar, due, case.promise_days)
        yield clock.verdict(Kind.PROMISE_NEAR, near, paused=paused)


def case_alarm(calendar: Calendar, case: CaseDates, now: dt.datetime) -> dt.datetime | None:
    """The next moment at which a sweep has to look at the case."""
    watch: list[dt.date] = []
    if case.state in (CaseState.SUBMITTED, *_PROMISED) and not case.contacted and case.contact_due_on:
        watch.append(calendar.add(case.contact_due_on, 1))
    if case.state is CaseState.SUBMITTED and case.plan_due_on:
        watch.append(warn_day(calendar, case.plan_due_on, 5))
    if case.state in _PROMISED:
        if not case.planned and case.plan_due_on:
            watch.append(calendar.add(case.plan_due_on, 1))
        if case.promise_due_on:
            watch.append(warn_day(calendar, case.promise_due_on, case.promise_days))
    if case.state is CaseState.CORRECTION and case.correction_on:
        watch.append(calendar.add(case.correction_on, 5))
    if case.state is CaseState.DELIVERED and case.delivered_on:
        watch.append(calendar.add(case.delivered_on, 11))
    return alarm_for(calendar, now, watch)


def judge_task(calendar: Calendar, facts: TaskFacts, now: dt.datetime) -> Iterator[Verdict]:
    """Everything a sweep looks at in a live task."""
    clock, task = _Clock(calendar, now, facts.reminded), facts.dates
    today = clock.today
    if task.state is TaskState.RETURNED:
        late = task.reroute_due_on is not None and today > task.reroute_due_on
        yield clock.verdict(Kind.REROUTE_OVERDUE, late)
        return
    if task.state is TaskState.ENABLED:
        silent = today >= calendar.add(task.counted_from, 2)
        yield clock.verdict(Kind.DEPARTMENT_SILENT, silent, paused=task.paused)
    if today > task.due_on:
        yield clock.verdict(Kind.TASK_OVERDUE, True, paused=task.paused)
    else:
        near = today >= warn_day(calendar, task.due_on, task.days)
        yield clock.verdict(Kind.TASK_NEAR, near, paused=task.paused)


def task_alarm(calendar: Calendar, task: TaskDates, now: dt.datetime) -> dt.datetime | None:
    """The next moment at which a sweep has to look at the task."""
    if task.state not in LIVE_TASK_STATES:
        return None
    watch = [warn_day(calendar, task.due_on, task.days)]
    if task.state is TaskState.ENABLED:
        watch.append(calendar.add(task.counted_from, 2))
    if task.state is TaskState.RETURNED and task.reroute_due_on:
        watch = [calendar.add(task.reroute_due_on, 1)]
    return alarm_for(calendar, now, watch, quiet=task.paused)


def judge_commitment(
    calendar: Calendar, due_on: dt.date, now: dt.datetime, reminded: frozenset[str]
) -> Iterator[Verdict]:
    """An open commitment: reminders before its date, its end after it."""
    clock = _Clock(calendar, now, reminded)
    if clock.today > due_on:
        yield clock.verdict(Kind.COMMITMENT_MISSED, True)
        return
    first = due_on
    for _ in range(max(COMMITMENT_REMINDER_DAYS)):
        first = warn_day(calendar, first, 1)
    yield clock.verdict(Kind.COMMITMENT_NEAR, clock.today >= first)
