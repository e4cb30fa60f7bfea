"""What a sweep reads of what it watches: rows of what a verdict and the next alarm need, and no more.

There may be ten thousand at once. Those that are due are locked as they are read, the case before anything
of it, as every move does; one in whose move somebody is just now is left for the next time.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from qitong.accounts.models import Department, User
from qitong.casework import delivery
from qitong.casework.logic.alarms import CaseDates, CaseFacts, TaskDates, TaskFacts
from qitong.casework.logic.clock import ZONE, day_of
from qitong.casework.logic.flow import OPEN_STATES, CaseState, TaskState
from qitong.casework.models import Case, Commitment, Task
from qitong.sql.arrays import array

BATCH = 1000
"""Of each kind: locked for well under half a second."""


class WatchedCase(NamedTuple):
    pk: int
    number: str | None
    state: str
    contact_due_on: dt.date | None
    contacted: bool
    plan_due_on: dt.date | None
    planned: bool
    promise_due_on: dt.date | None
    promise_days: int | None
    correction_on: dt.date | None
    delivered_on: dt.date | None
    owner_active: bool


class WatchedTask(NamedTuple):
    pk: int
    case_id: int
    number: str | None
    department_id: int
    state: str
    counted_from: dt.date | None
    due_on: dt.date | None
    days: int
    reroute_due_on: dt.date | None


class WatchedCommitment(NamedTuple):
    pk: int
    case_id: int
    number: str | None
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Batch:
    cases: list[WatchedCase]
    tasks: list[WatchedTask]
    commitments: list[WatchedCommitment]

    def __bool__(self) -> bool:
        return bool(self.cases or self.tasks or self.commitments)


def due(at: dt.datetime, *, orphans: bool) -> Batch:
    """The next things whose alarm has come, locked; with ``orphans`` also what has no owner any more."""
    come = Q(next_alarm_at__lte=at)
    cases, tasks, commitments = (
        _locked(rows.filter(come).order_by("next_alarm_at"), *locks)[:BATCH]
        for rows, *locks in ((_cases(), "self"), (_tasks(),), (_commitments(),))
    )
    left = _locked(_left(at), "self")[:BATCH] if orphans else ()
    return _batch([*cases, *left], tasks, commitments)


def _locked(rows: QuerySet[Any, Any], *names: str) -> QuerySet[Any, Any]:
    """``names`` are those locked; without any, all that is joined."""
    return rows.select_for_update(no_key=True, skip_locked=True, of=names)


def all_there_are(limit: int) -> Batch:
    """The next things that will have an alarm, read and not locked."""
    cases, tasks = (
        rows.exclude(next_alarm_at=None).order_by("next_alarm_at") for rows in (_cases(), _tasks())
    )
    return _batch(cases[:limit], tasks[:limit], _commitments().order_by("due_on")[:limit])


def _batch(cases: Iterable[Any], tasks: Iterable[Any], commitments: Iterable[Any]) -> Batch:
    return Batch(
        [WatchedCase._make(row) for row in cases],
        [WatchedTask._make(row) for row in tasks],
        [WatchedCommitment._make(row) for row in commitments],
    )


def _given(column: str) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(Q(**{f"{column}__isnull": False}), output_field=BooleanField())


def _cases() -> QuerySet[Case, Any]:
    return Case.objects.values_list(
        *("pk", "number", "state", "contact_due_on", _given("contacted_at"), "plan_due_on"),
        *(_given("planned_at"), "promise_due_on", "promise_days", TruncDate("correction_at", tzinfo=ZONE)),
        *(TruncDate("delivered_at", tzinfo=ZONE), Coalesce("owner__is_active", True)),
    )


def _tasks() -> QuerySet[Task, Any]:
    """Joined with their case and nothing else: what is joined is locked."""
    return Task.objects.values_list(
        *("pk", "case_id", "case__number", "department_id", "state"),
        *("counted_from", "due_on", "days", "reroute_due_on"),
    )


def _commitments() -> QuerySet[Commitment, Any]:
    """Open ones of cases that were handed in: what lies in a draft binds nobody yet. Joined as tasks are."""
    handed_in = Commitment.objects.filter(state="open", case__submitted_at__isnull=False)
    return handed_in.values_list("pk", "case_id", "case__number", "due_on")


def _left(at: dt.datetime) -> QuerySet[Case, Any]:
    """Cases that are watched, not due, and whose owner has left: looked up by the owner, who are few."""
    gone = User.objects.filter(is_active=False, role_assignments__isnull=False).values_list("pk", flat=True)
    watched = _cases().filter(state__in=[*OPEN_STATES, CaseState.DELIVERED], next_alarm_at__gt=at)
    # In no order: in that of the alarms, all there are would be looked through for the owner.
    return watched.filter(owner_id__in=list(gone.distinct()))


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known of a batch: what was reminded of today, and what is paused now."""

    reminded: Mapping[tuple[int, int | None], frozenset[str]]
    confirm_until: Mapping[dt.date, dt.date]
    promise_paused: frozenset[int]
    paused: frozenset[int]
    departments: Mapping[int, Mapping[str, str]]

    @classmethod
    def of(cls, batch: Batch, *, at: dt.datetime) -> Known:
        cases = {case.pk for case in batch.cases}
        all_cases = cases | {t.case_id for t in batch.tasks} | {c.case_id for c in batch.commitments}
        delivered = {c.delivered_on for c in batch.cases if c.state == CaseState.DELIVERED and c.delivered_on}
        return cls(
            _reminded(all_cases, day_of(at)),
            {day: delivery.auto_confirm_after(day) for day in delivered},
            _ids(_PROMISE_PAUSED, cases),
            _ids(_TASK_PAUSED, (task.pk for task in batch.tasks)),
            _names({task.department_id for task in batch.tasks}),
        )

    def of_case(self, case: WatchedCase) -> CaseFacts:
        dates = CaseDates(
            state=CaseState(case.state),
            contact_due_on=case.contact_due_on,
            contacted=case.contacted,
            plan_due_on=case.plan_due_on,
            planned=case.planned,
            promise_due_on=case.promise_due_on,
            promise_days=case.promise_days or 1,
            correction_on=case.correction_on,
            delivered_on=case.delivered_on,
        )
        return CaseFacts(
            dates=dates,
            promise_paused=case.pk in self.promise_paused,
            confirm_until=self.confirm_until.get(case.delivered_on) if case.delivered_on else None,
            owner_active=case.owner_active,
            reminded=self.reminded[case.pk, None],
        )

    def of_task(self, task: WatchedTask) -> TaskFacts | None:
        """None where the task does not count yet."""
        if task.counted_from is None or task.due_on is None:
            return None
        dates = TaskDates(
            state=TaskState(task.state),
            counted_from=task.counted_from,
            due_on=task.due_on,
            days=task.days,
            reroute_due_on=task.reroute_due_on,
            paused=task.pk in self.paused,
        )
        return TaskFacts(dates, self.reminded[task.case_id, task.pk])


_PROMISE_PAUSED = (
    "SELECT case_id FROM casework_pause"
    " WHERE ends_on IS NULL AND stops_promise AND case_id = ANY(%s::bigint[])"
)
_TASK_PAUSED = "SELECT task_id FROM casework_pause WHERE ends_on IS NULL AND task_id = ANY(%s::bigint[])"
_REMINDED = (
    "SELECT case_id, task_id, kind FROM casework_reminder"
    " WHERE case_id = ANY(%s::bigint[]) AND working_day = %s"
)


def _ids(text: str, among: Iterable[int]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(text, [array(among)])
        return frozenset(row[0] for row in cursor.fetchall())


def _names(departments: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    rows = Department.objects.filter(pk__in=departments).values_list("pk", "name_zh", "name_en")
    return {pk: {"zh": zh, "en": en} for pk, zh, en in rows}


def _reminded(cases: Iterable[int], day: dt.date) -> Mapping[tuple[int, int | None], frozenset[str]]:
    """By case and task (None: of the case itself)."""
    found: dict[tuple[int, int | None], frozenset[str]] = defaultdict(frozenset)
    with connection.cursor() as cursor:
        cursor.execute(_REMINDED, [array(cases), day])
        for case_id, task_id, kind in cursor.fetchall():
            found[case_id, task_id] |= {kind}
    return found
