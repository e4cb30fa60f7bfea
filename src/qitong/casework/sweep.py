"""The sweep: what is due and not yet done, in working time, each reminder once a working day.

Selection is by the stored next alarm (indexed); the verdict is pure (``logic/alarms.py``); the
reminders of one batch are one set-based step with one ledger entry each.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.casework import deadlines, deferral, delivery, intake, routing
from qitong.casework.logic.alarms import (
    DEEDS,
    CaseFacts,
    Kind,
    TaskFacts,
    Verdict,
    judge_case,
    judge_commitment,
    judge_task,
)
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import OPEN_STATES, CaseState, TaskState
from qitong.casework.models import Case, Commitment, Reminder, Task
from qitong.catalogue.calendar import current
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar
from qitong.ledger.record import NewEntry, record_many

BATCH = 500
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of a sweep on one thing."""

    case_id: int
    number: str
    task_id: int | None
    commitment_id: int | None
    verdict: Verdict
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "case": self.number,
            "task": self.task_id,
            "commitment": self.commitment_id,
            "kind": self.verdict.kind.value,
            "would": self.verdict.do,
            "reason": self.verdict.reason.value,
        }


def run(*, by: Actor, at: dt.datetime) -> list[Finding]:
    """Do what is due; returns what was done. Safe to run from many processes at once and again."""
    done: list[Finding] = []
    orphans = True
    while found := _look(by=by, at=at, orphans=orphans):
        orphans = False
        for finding in found:
            if not finding.verdict.do:
                continue
            if finding.verdict.kind not in DEEDS or _done(finding, by=by, at=at):
                done.append(finding)
    return done


@transaction.atomic
def _look(*, by: Actor, at: dt.datetime, orphans: bool) -> list[Finding]:
    """Judge the next batch, remind, and set every alarm anew; empty when nothing is due any more.

    Batches follow each other across processes, so that none reminds of what another just did.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qitong.casework.sweep'))")
    batch = _batch(at, orphans=orphans)
    found = list(_judge(batch, at=at))
    _remind([f for f in found if f.verdict.do and f.verdict.kind not in DEEDS], by=by, at=at)
    _set_alarms(batch, at=at)
    return found


def dry_run(*, at: dt.datetime, limit: int = 10_000) -> Iterator[Finding]:
    """What :func:`run` would do now and, for everything watched that it would not, the reason."""
    yield from _judge(_Batch.of(_watched(limit)), at=at)


@dataclass(slots=True)
class _Batch:
    cases: list[Case]
    tasks: list[Task]
    commitments: list[Commitment]

    def __bool__(self) -> bool:
        return bool(self.cases or self.tasks or self.commitments)

    @classmethod
    def of(cls, rows: tuple[Iterable[Case], Iterable[Task], Iterable[Commitment]]) -> _Batch:
        return cls(list(rows[0]), list(rows[1]), list(rows[2]))


def _cases() -> QuerySet[Case]:
    """Cases with what a verdict and the next alarm need, and no more: there may be ten thousand."""
    return (
        Case.objects.select_related("owner")
        .only(
            *("number", "state", "contact_due_on", "contacted_at", "plan_due_on", "planned_at"),
            *("promise_due_on", "promise_days", "correction_at", "delivered_at", "next_alarm_at"),
            "owner__is_active",
        )
        .prefetch_related("pauses")
    )


def _tasks() -> QuerySet[Task]:
    return (
        Task.objects.select_related("case", "department")
        .only(
            *("state", "counted_from", "due_on", "days", "reroute_due_on", "next_alarm_at"),
            *("case__number", "department__name_zh", "department__name_en"),
        )
        .prefetch_related("pauses")
    )


def _commitments() -> QuerySet[Commitment]:
    """Open ones of cases that were handed in: what lies in a draft binds nobody yet."""
    handed_in = Commitment.objects.filter(state="open", case__submitted_at__isnull=False)
    return handed_in.select_related("case")


def _batch(at: dt.datetime, *, orphans: bool = False) -> _Batch:
    """The next things whose alarm has come, each kind at most BATCH; once a run also what has no owner."""
    due = Q(next_alarm_at__lte=at)
    commitments = _commitments().filter(due)
    cases = list(_cases().filter(due).order_by("next_alarm_at")[:BATCH])
    return _Batch.of(
        (
            [*cases, *_left(at)] if orphans else cases,
            _tasks().filter(due).order_by("next_alarm_at")[:BATCH],
            commitments.order_by("next_alarm_at")[:BATCH],
        )
    )


def _left(at: dt.datetime) -> QuerySet[Case]:
    """Cases that are watched, not due, and whose owner has left: looked up by the owner, who are few."""
    gone = User.objects.filter(is_active=False, role_assignments__isnull=False).values_list("pk", flat=True)
    watched = _cases().filter(state__in=[*OPEN_STATES, CaseState.DELIVERED], next_alarm_at__gt=at)
    # In no order: in that of the alarms, all there are would be looked through for the owner.
    return watched.filter(owner_id__in=list(gone.distinct()))[:BATCH]


def _watched(limit: int) -> tuple[Iterable[Case], Iterable[Task], Iterable[Commitment]]:
    return (
        _cases().exclude(next_alarm_at=None).order_by("next_alarm_at")[:limit],
        _tasks().exclude(next_alarm_at=None).order_by("next_alarm_at")[:limit],
        _commitments().order_by("due_on")[:limit],
    )


def _judge(batch: _Batch, *, at: dt.datetime) -> Iterator[Finding]:
    calendar = current()
    case_ids = {c.pk for c in batch.cases} | {t.case_id for t in batch.tasks}
    case_ids |= {c.case_id for c in batch.commitments}
    told = _told(case_ids, day_of(at))
    until = _confirm_until(batch.cases)
    for case in batch.cases:
        facts_now = _case_facts(case, told[case.pk, None], until.get(case.pk))
        for verdict in judge_case(calendar, facts_now, at):
            yield Finding(case.pk, case.number or "", None, None, verdict)
    for task in batch.tasks:
        facts = _task_facts(task, told[task.case_id, task.pk])
        if facts is None:
            continue
        names = {"zh": task.department.name_zh, "en": task.department.name_en}
        for verdict in judge_task(calendar, facts, at):
            yield Finding(task.case_id, task.case.number or "", task.pk, None, verdict, {"department": names})
    for row in batch.commitments:
        for verdict in judge_commitment(calendar, row.due_on, at, told[row.case_id, None]):
            yield Finding(row.case_id, row.case.number or "", None, row.pk, verdict)


def _told(case_ids: Iterable[int], day: dt.date) -> dict[tuple[int, int | None], frozenset[str]]:
    found: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    rows = Reminder.objects.filter(case_id__in=list(case_ids), working_day=day)
    for case_id, task_id, kind in rows.values_list("case_id", "task_id", "kind"):
        found[case_id, task_id].add(kind)
    known: dict[tuple[int, int | None], frozenset[str]] = defaultdict(frozenset)
    known.update({key: frozenset(kinds) for key, kinds in found.items()})
    return known


def _confirm_until(cases: Iterable[Case]) -> dict[int, dt.date]:
    """By case: how long the company may still say no; reckoned once a day of delivery."""
    moments = {c.pk: c.delivered_at for c in cases if c.state == CaseState.DELIVERED and c.delivered_at}
    days = {day_of(moment): moment for moment in moments.values()}
    until = {day: delivery.auto_confirm_on(moment) for day, moment in days.items()}
    return {pk: until[day_of(moment)] for pk, moment in moments.items()}


def _case_facts(case: Case, reminded: frozenset[str], confirm_until: dt.date | None) -> CaseFacts:
    return CaseFacts(
        state=CaseState(case.state),
        contact_due_on=case.contact_due_on,
        contacted=case.contacted_at is not None,
        plan_due_on=case.plan_due_on,
        planned=case.planned_at is not None,
        promise_due_on=case.promise_due_on,
        promise_days=case.promise_days or 1,
        promise_paused=any(p.ends_on is None and p.stops_promise for p in case.pauses.all()),
        correction_on=day_of(case.correction_at) if case.correction_at else None,
        confirm_until=confirm_until,
        owner_active=case.owner is None or case.owner.is_active,
        reminded=reminded,
    )


def _task_facts(task: Task, reminded: frozenset[str]) -> TaskFacts | None:
    if task.counted_from is None or task.due_on is None:
        return None
    return TaskFacts(
        state=TaskState(task.state),
        counted_from=task.counted_from,
        due_on=task.due_on,
        days=task.days,
        reroute_due_on=task.reroute_due_on,
        paused=any(p.ends_on is None for p in task.pauses.all()),
        reminded=reminded,
    )


def _remind(findings: Sequence[Finding], *, by: Actor, at: dt.datetime) -> None:
    """One row and one ledger entry each; the unique index keeps a second of the same day out."""
    day = day_of(at)
    Reminder.objects.bulk_create(
        Reminder(case_id=f.case_id, task_id=f.task_id, kind=f.verdict.kind, working_day=day, raised_at=at)
        for f in findings
    )
    record_many(
        NewEntry(
            stream=f"case:{f.case_id}",
            kind=f"reminder.{f.verdict.kind}",
            by=by.ref,
            at=at,
            body={"task": f.task_id, "working_day": day, **f.facts},
        )
        for f in findings
    )


def _set_alarms(batch: _Batch, *, at: dt.datetime) -> None:
    """Compute the next alarm of everything looked at, so that each batch ends."""
    calendar = current()
    for case in batch.cases:
        case.next_alarm_at = deadlines.case_alarm(case, calendar=calendar, at=at)
    _keep_alarms(Case, batch.cases)
    for task in batch.tasks:
        pauses = [deadlines.as_pause(p) for p in task.pauses.all()]
        task.next_alarm_at = deadlines.task_alarm(task, pauses, calendar=calendar, at=at)
    _keep_alarms(Task, batch.tasks)
    _set_commitment_alarms(batch.commitments, calendar, at)


def _set_commitment_alarms(rows: list[Commitment], calendar: Calendar, at: dt.datetime) -> None:
    for row in rows:
        row.next_alarm_at = deferral.alarm(row.due_on, at)
    _keep_alarms(Commitment, rows)


def _keep_alarms(model: type[Case | Task | Commitment], rows: Sequence[Case | Task | Commitment]) -> None:
    """Each its own alarm, in one statement that stays short."""
    if not rows:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET next_alarm_at = n.at"  # noqa: S608  a table of ours
            f" FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, at) WHERE {table}.id = n.id",
            [[row.pk for row in rows], [row.next_alarm_at for row in rows]],
        )


def _done(finding: Finding, *, by: Actor, at: dt.datetime) -> bool:
    """Whether the deed succeeded. One that is refused must not stop the others; it is tried again."""
    try:
        _do(finding, by=by, at=at)
    except Refused as refused:
        logger.error("sweep: %s of case %s refused: %s", finding.verdict.kind, finding.number, refused)
        return False
    return True


def _do(finding: Finding, *, by: Actor, at: dt.datetime) -> None:
    """A deed of the system, in a transaction of its own; each looks again under the lock."""
    match finding.verdict.kind:
        case Kind.DEEM_ACCEPTED:
            intake.deem_accepted(case_id=finding.case_id, by=by, at=at)
        case Kind.AUTO_CONFIRM:
            delivery.auto_confirm(case_id=finding.case_id, by=by, at=at)
        case Kind.UNOWNED:
            routing.replace_owner(case_id=finding.case_id, by=by, at=at)
        case _:
            if finding.commitment_id is not None:
                deferral.miss(commitment_id=finding.commitment_id, by=by, at=at)
