"""What ``casework`` knows of a case, as the measures take it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qitong.accounts.models import Department
from qitong.casework.deadlines import received_day
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseState, Deed, TaskState
from qitong.casework.models import Case, Pause, Task
from qitong.insight.logic.measure import KnownCase, KnownTask
from qitong.insight.logic.split import Stop
from qitong.kernel.workdays import Calendar, PauseReason
from qitong.ledger.models import Entry

ENDINGS = {
    CaseState.WITHDRAWN: f"case.{Deed.WITHDRAW}",
    CaseState.NOT_ACCEPTED: f"case.{Deed.REFUSE_ACCEPTANCE}",
    CaseState.ENDED: f"case.{Deed.END}",
}
"""A case that ends without a result keeps no date of it: the ledger has it."""


def known(case_ids: Sequence[int], calendar: Calendar) -> list[KnownCase]:
    """The submitted ones of these cases, locked until the transaction ends. A fixed number of queries."""
    rows = list(
        Case.objects.select_for_update(of=("self",))
        .filter(pk__in=case_ids, submitted_at__isnull=False)
        .order_by("pk")
        .values(
            "pk",
            "state",
            "submitted_at",
            "window_id",
            "plan_due_on",
            "promise_due_on",
            "promise_days",
            "extension_days",
            "decided_at",
            "item_version__code",
            "item_version__lead",
        )
    )
    departments = {department.pk: department for department in Department.objects.all()}
    by_code = {department.code: department.pk for department in departments.values()}
    tasks, stops, endings = _tasks(case_ids), _stops(case_ids), _endings(rows)
    return [
        KnownCase(
            id=row["pk"],
            state=CaseState(row["state"]),
            window=row["window_id"],
            lead=by_code.get(row["item_version__lead"], row["window_id"]),
            item=row["item_version__code"] or "",
            received_on=_received(calendar, row["submitted_at"], departments[row["window_id"]]),
            reply_due_on=row["plan_due_on"],
            promise_due_on=row["promise_due_on"],
            promise_days=(row["promise_days"] or 0) + row["extension_days"],
            decided_on=_day(row["decided_at"]),
            ended_on=endings.get(row["pk"]),
            tasks=tasks[row["pk"]],
            stops=stops[row["pk"]],
        )
        for row in rows
    ]


def _tasks(case_ids: Sequence[int]) -> dict[int, list[KnownTask]]:
    found: dict[int, list[KnownTask]] = defaultdict(list)
    for task in Task.objects.filter(case_id__in=case_ids).order_by("pk"):
        found[task.case_id].append(
            KnownTask(
                id=task.pk,
                state=TaskState(task.state),
                department=task.department_id,
                enabled_on=_day(task.enabled_at),
                counted_from=task.counted_from,
                taken_on=_day(task.claimed_at),
                ended_on=_day(task.done_at or task.dropped_at),
                due_on=task.due_on,
                days=task.days,
            )
        )
    return found


def _stops(case_ids: Sequence[int]) -> dict[int, list[Stop]]:
    found: dict[int, list[Stop]] = defaultdict(list)
    for pause in Pause.objects.filter(case_id__in=case_ids).order_by("pk"):
        stop = Stop(PauseReason(pause.reason), pause.starts_on, pause.ends_on, pause.task_id)
        found[pause.case_id].append(stop)
    return found


def _endings(rows: Iterable[Mapping[str, Any]]) -> dict[int, dt.date]:
    """The day on which a case ended without a result, by the last such entry of its stream."""
    streams = {f"case:{row['pk']}": row["pk"] for row in rows if row["state"] in ENDINGS}
    if not streams:
        return {}
    entries = Entry.objects.filter(stream__in=streams, kind__in=ENDINGS.values()).order_by("number")
    return {streams[stream]: day_of(at) for stream, at in entries.values_list("stream", "at")}


def _received(calendar: Calendar, at: dt.datetime | None, window: Department) -> dt.date:
    if at is None:
        raise ValueError("only what was submitted is measured")
    return received_day(calendar, at, window)


def _day(at: dt.datetime | None) -> dt.date | None:
    return day_of(at) if at is not None else None
