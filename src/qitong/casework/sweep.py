"""The sweep: what is due and not yet done, in working time, each reminder once a working day.

Selection is by the stored next alarm (indexed, ``watched.py``); the verdict is pure (``logic/alarms.py``);
the reminders of one batch are one set-based step with one ledger entry each.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from qitong.accounts.actors import Actor
from qitong.casework import deferral, delivery, intake, routing, watched
from qitong.casework.logic.alarms import (
    DEEDS,
    CaseFacts,
    Kind,
    Verdict,
    case_alarm,
    judge_case,
    judge_commitment,
    judge_task,
    task_alarm,
)
from qitong.casework.logic.clock import day_of
from qitong.casework.models import Case, Commitment, Task
from qitong.casework.watched import Batch, Known
from qitong.catalogue.calendar import current
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar
from qitong.ledger.record import NewEntry, record_many
from qitong.sql.arrays import array

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


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a look at a batch found, and the next alarm of all that is in it, by its key."""

    findings: list[Finding] = field(default_factory=list)
    cases: dict[int, dt.datetime | None] = field(default_factory=dict)
    tasks: dict[int, dt.datetime | None] = field(default_factory=dict)
    commitments: dict[int, dt.datetime | None] = field(default_factory=dict)


def run(*, by: Actor, at: dt.datetime) -> list[Finding]:
    """Do what is due; returns what was done. Safe to run from many processes at once and again."""
    done: list[Finding] = []
    orphans = True
    while (found := _sweep(by=by, at=at, orphans=orphans)) is not None:
        orphans = False
        done += [f for f in found if f.verdict.kind not in DEEDS or _done(f, by=by, at=at)]
    return done


@transaction.atomic
def _sweep(*, by: Actor, at: dt.datetime, orphans: bool) -> list[Finding] | None:
    """Judge the next batch, remind, and set every alarm anew; None when nothing is due any more.

    Batches follow each other across processes, so that none reminds of what another just did. Returned is
    what is to be done: the deeds are left to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qitong.casework.sweep'))")
    batch = watched.due(at, orphans=orphans)
    if not batch:
        return None
    looked = _look(batch, at=at)
    _keep_alarms(looked)
    found = [f for f in looked.findings if f.verdict.do]
    _remind([f for f in found if f.verdict.kind not in DEEDS], by=by, at=at)
    return found


def dry_run(*, at: dt.datetime, limit: int = 10_000) -> Iterator[Finding]:
    """What :func:`run` would do now and, for everything watched that it would not, the reason."""
    yield from _look(watched.all_there_are(limit), at=at).findings


def _look(batch: Batch, *, at: dt.datetime) -> _Looked:
    calendar, known, looked = current(), Known.of(batch, at=at), _Looked()
    _look_at_cases(batch, known, looked, calendar, at)
    _look_at_tasks(batch, known, looked, calendar, at)
    for row in batch.commitments:
        looked.commitments[row.pk] = deferral.alarm(row.due_on, at, calendar)
        for verdict in judge_commitment(calendar, row.due_on, at, known.reminded[row.case_id, None]):
            looked.findings.append(Finding(row.case_id, row.number or "", None, row.pk, verdict))
    return looked


def _look_at_cases(batch: Batch, known: Known, looked: _Looked, calendar: Calendar, at: dt.datetime) -> None:
    """Those alike (of one state, with the same dates) are judged once."""

    @cache
    def of(facts: CaseFacts) -> tuple[tuple[Verdict, ...], dt.datetime | None]:
        return tuple(judge_case(calendar, facts, at)), case_alarm(calendar, facts.dates, at)

    for case in batch.cases:
        verdicts, looked.cases[case.pk] = of(known.of_case(case))
        looked.findings.extend([Finding(case.pk, case.number or "", None, None, v) for v in verdicts])


def _look_at_tasks(batch: Batch, known: Known, looked: _Looked, calendar: Calendar, at: dt.datetime) -> None:
    for task in batch.tasks:
        if (facts := known.of_task(task)) is None:
            looked.tasks[task.pk] = None
            continue
        looked.tasks[task.pk] = task_alarm(calendar, facts.dates, at)
        said = {"department": known.departments[task.department_id]}
        for verdict in judge_task(calendar, facts, at):
            looked.findings.append(Finding(task.case_id, task.number or "", task.pk, None, verdict, said))


_REMIND = """
INSERT INTO casework_reminder (case_id, task_id, kind, working_day, raised_at)
SELECT n.case_id, n.task_id, n.kind, %s, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS n (case_id, task_id, kind)
"""


def _remind(findings: Sequence[Finding], *, by: Actor, at: dt.datetime) -> None:
    """One row and one ledger entry each; the unique index keeps a second of the same day out."""
    if not findings:
        return
    day = day_of(at)
    things = [(f.case_id, f.task_id, f.verdict.kind.value) for f in findings]
    with connection.cursor() as cursor:
        cursor.execute(_REMIND, [day, at, *map(array, zip(*things, strict=True))])
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


_KEEP = sql.SQL("""
UPDATE {table} SET next_alarm_at = n.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, at) WHERE {table}.id = n.id
""")


def _keep_alarms(looked: _Looked) -> None:
    """The next alarm of everything looked at, so that each batch ends: a statement for each kind."""
    kinds: tuple[tuple[type[Case | Task | Commitment], Mapping[int, dt.datetime | None]], ...] = (
        (Case, looked.cases),
        (Task, looked.tasks),
        (Commitment, looked.commitments),
    )
    for model, alarms in kinds:
        if alarms:
            table = sql.Identifier(model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.execute(_KEEP.format(table=table), [array(alarms), array(alarms.values())])


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
