"""The sweep: what is due and not yet done, in working time, each once a working day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from qitong.accounts.actors import Actor
from qitong.casework import sweep
from qitong.casework.logic.alarms import Kind, Reason
from qitong.casework.models import Case, Reminder, Task
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from tests.casework.said import accepted, again, handed_in

SWEEP = Actor.system("sweep")


def told(stage: Stage) -> Counter[str]:
    return Counter(f.verdict.kind.value for f in stage.sweep())


def test_a_day_that_is_skipped_loses_nothing(stage: Stage) -> None:
    case = accepted(stage, "rd_super_deduction")
    stage.days(15, hour=10)  # nobody swept for three weeks
    said = told(stage)
    assert said["department_silent"] == 1
    assert said["task_overdue"] == 1
    assert said["promise_overdue"] == 1
    assert again(case).next_alarm_at == stage.days(1, hour=9).at


def test_running_again_on_one_day_says_nothing_new(stage: Stage) -> None:
    accepted(stage, "rd_super_deduction")
    stage.days(15, hour=10)
    first = told(stage)
    assert first
    assert told(stage) == Counter()
    stage.days(1, hour=9)
    assert told(stage) == first


def test_one_reminder_a_kind_thing_and_day_by_an_index(stage: Stage) -> None:
    case = accepted(stage)
    facts = {"case": case, "kind": "promise_near", "working_day": stage.day(), "raised_at": stage.at}
    Reminder.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**facts)


@pytest.mark.parametrize(("days", "hour"), [(15, 3), (15, 20)])
def test_nobody_is_reminded_at_night(stage: Stage, days: int, hour: int) -> None:
    accepted(stage, "rd_super_deduction")
    stage.days(days, hour=hour)
    assert told(stage) == Counter()
    stage.days(0 if hour < 9 else 1, hour=9)
    assert told(stage)["task_overdue"] == 1


def test_nobody_is_reminded_on_a_day_off(stage: Stage) -> None:
    accepted(stage, "rd_super_deduction")
    stage.days(8, hour=10)
    stage.at += dt.timedelta(days=1)
    assert stage.day() == dt.date(2026, 3, 14)
    assert told(stage) == Counter()


def test_each_reminder_is_one_entry_of_the_case(stage: Stage) -> None:
    case = accepted(stage, "rd_super_deduction")
    stage.days(15, hour=10)
    found = stage.sweep()
    entries = Entry.objects.filter(stream=case.stream, kind__startswith="reminder.")
    assert sorted(e.kind for e in entries) == sorted(f"reminder.{f.verdict.kind}" for f in found)
    assert Reminder.objects.filter(case=case).count() == len(found)
    assert verify(stream=case.stream).whole


def test_a_dry_run_says_why_and_writes_nothing(stage: Stage) -> None:
    accepted(stage, "rd_super_deduction")
    handed_in(stage)
    stage.days(4, hour=10)
    before = (Entry.objects.count(), Reminder.objects.count())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = list(sweep.dry_run(at=stage.at))
    assert (Entry.objects.count(), Reminder.objects.count()) == before
    assert all(q["sql"].startswith(("SELECT", "DECLARE")) for q in asked)
    reasons = {(f.verdict.kind, f.verdict.reason) for f in found}
    assert (Kind.DEPARTMENT_SILENT, Reason.DUE) in reasons
    assert (Kind.PROMISE_NEAR, Reason.NOT_DUE_YET) in reasons
    done = stage.sweep()
    would = {(f.case_id, f.task_id, f.verdict.kind) for f in found if f.verdict.do}
    assert {(f.case_id, f.task_id, f.verdict.kind) for f in done} == would
    again_found = sweep.dry_run(at=stage.at)
    assert {f.verdict.reason for f in again_found} <= {
        Reason.NOT_DUE_YET,
        Reason.ALREADY_REMINDED_TODAY,
    }


def test_every_verdict_is_for_machines_too(stage: Stage) -> None:
    case = accepted(stage)
    line = next(iter(sweep.dry_run(at=stage.at))).as_json()
    assert line == {
        "case": case.number,
        "task": None,
        "commitment": None,
        "kind": "unowned",
        "would": False,
        "reason": "not_due_yet",
    }


def _row(found: QuerySet[Any]) -> dict[str, Any]:
    """One row without its key."""
    return {name: value for name, value in found.values().get().items() if name != "id"}


def _copies(case: Case, numbers: range) -> None:
    """Many cases like this one, as rows: a test of quantity need not play each."""
    row = _row(Case.objects.filter(pk=case.pk))
    made = Case.objects.bulk_create(Case(**{**row, "number": f"QT26-{n:04d}-COPY"}) for n in numbers)
    task = _row(Task.objects.filter(case=case, kind="review"))
    Task.objects.bulk_create(Task(**{**task, "case_id": copy.pk}) for copy in made)


def _queries(stage: Stage) -> int:
    with CaptureQueriesContext(connection) as asked:
        stage.sweep()
    return len(asked)


def test_a_thousand_alarms_are_a_bounded_number_of_queries(stage: Stage) -> None:
    case = accepted(stage, "rd_super_deduction")
    _copies(case, range(9))
    stage.days(15, hour=10)
    few = _queries(stage)
    _copies(case, range(9, 999))
    Task.objects.filter(kind="review").update(next_alarm_at=stage.at)
    Case.objects.update(next_alarm_at=stage.at)
    stage.days(1, hour=9)
    many = _queries(stage)
    assert Reminder.objects.filter(working_day=stage.day()).count() == 3000
    assert many < 4 * few


def test_results_nobody_confirmed_cost_no_query_each(stage: Stage) -> None:
    case = accepted(stage)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    row = _row(Case.objects.filter(pk=case.pk))
    Case.objects.bulk_create(Case(**{**row, "number": f"QT26-{n:04d}-COPY"}) for n in range(200))
    Case.objects.update(next_alarm_at=stage.at)
    stage.days(1, hour=9)
    assert _queries(stage) < 60
