"""Due dates and next alarms, recomputed from history whenever history or the calendar changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
from qitong.casework.logic import alarms, clock
from qitong.casework.logic.alarms import CaseDates, TaskDates
from qitong.casework.logic.flow import LIVE_TASK_STATES, CaseKind, CaseState, TaskState
from qitong.casework.models import Case, Pause, Task
from qitong.catalogue.calendar import current
from qitong.catalogue.logic.types import ItemSpec, Promises
from qitong.catalogue.queries import promises
from qitong.kernel import workdays
from qitong.kernel.workdays import Calendar, Limit, LimitUnit, OfficeHours, PauseReason
from qitong.ledger.record import record


def hours_of(department: Department) -> OfficeHours:
    return OfficeHours(department.opens, department.closes)


def received_day(calendar: Calendar, at: dt.datetime, department: Department) -> dt.date:
    """The day a thing counts as received by a department (after closing: the next working day)."""
    return workdays.receipt_day(calendar, at, hours_of(department))


def pauses_of(case: Case, task: Task | None = None) -> list[workdays.Pause]:
    """Pauses of the case itself and, with ``task``, of that task; without, of all its tasks."""
    rows = case.pauses.all()
    return [as_pause(p) for p in rows if task is None or p.task_id in (None, task.pk)]


def as_pause(row: Pause) -> workdays.Pause:
    return workdays.Pause(PauseReason(row.reason), row.starts_on, row.ends_on)


def set_replies(case: Case, *, calendar: Calendar, kept: Promises | None = None) -> None:
    """Recompute when the first contact and the plan (or the answer on acceptance) fall due.

    ``kept`` is what is promised on the day of receipt, if it is at hand.
    """
    if case.window is None or case.submitted_at is None or case.received_on is None:
        return
    first = received_day(calendar, case.submitted_at, case.window)
    if kept is None or first != case.received_on:
        kept = promises(first)
    request = case.kind == CaseKind.REQUEST
    case.contact_due_on = calendar.add(first, kept.request_contact if request else kept.application_contact)
    case.plan_due_on = calendar.add(
        case.received_on, kept.request_plan if request else kept.application_acceptance
    )


def promise_limit(case: Case) -> Limit:
    """The promised limit, with what the head added to it (licensing law art. 42)."""
    return Limit((case.promise_days or 0) + case.extension_days, LimitUnit(case.promise_unit or "wd"))


def set_promise(
    case: Case, *, calendar: Calendar, at: dt.datetime, pauses: Sequence[workdays.Pause] | None = None
) -> None:
    """Recompute when the promise and the statutory limit fall due, and the next alarm.

    ``pauses`` are those of the case, if they are at hand.
    """
    today = clock.day_of(at)
    start = case.promise_from or case.received_on
    if start is None or case.promise_days is None:
        return
    if pauses is None:
        pauses = pauses_of(case) if case.pk else []
    promised = clock.promise_due(calendar, start, promise_limit(case), pauses, today)
    case.promise_due_on, case.promise_provisional = promised.on, promised.provisional
    case.statutory_due_on = _statutory(case, calendar, start, pauses, today)
    case.next_alarm_at = case_alarm(case, calendar=calendar, at=at)


def _statutory(
    case: Case, calendar: Calendar, start: dt.date, pauses: Sequence[workdays.Pause], today: dt.date
) -> dt.date | None:
    spec = spec_of(case)
    if spec is None or spec.statutory.days is None:
        return None
    limit = Limit(spec.statutory.days + case.extension_days, spec.statutory.unit)
    return clock.promise_due(calendar, start, limit, pauses, today).on


def spec_of(case: Case) -> ItemSpec | None:
    """The item of a case with the limits of the variant its facts name; None for a free request."""
    if case.item_version is None:
        return None
    spec: ItemSpec = case.item_version.spec
    if not spec.variant_fact:
        return spec
    return spec.in_variant(str(case.form.get("facts", {}).get(spec.variant_fact, "")))


def case_alarm(case: Case, *, calendar: Calendar, at: dt.datetime, state: str = "") -> dt.datetime | None:
    """The next moment a sweep has to look at this case (once it is in ``state``, if given)."""
    dates = CaseDates(
        state=CaseState(state or case.state),
        contact_due_on=case.contact_due_on,
        contacted=case.contacted_at is not None,
        plan_due_on=case.plan_due_on,
        planned=case.planned_at is not None,
        promise_due_on=case.promise_due_on,
        promise_days=case.promise_days or 1,
        correction_on=clock.day_of(case.correction_at) if case.correction_at else None,
        delivered_on=clock.day_of(case.delivered_at) if case.delivered_at else None,
    )
    return alarms.case_alarm(calendar, dates, at)


def set_task_due(task: Task, *, calendar: Calendar, at: dt.datetime, state: str = "") -> None:
    """Recompute when a started task falls due, and its next alarm (once in ``state``, if given)."""
    if task.counted_from is None:
        return
    pauses = pauses_of(task.case, task) if task.pk else []
    limit = Limit(task.days, LimitUnit.WD)
    task.due_on = clock.task_due(calendar, task.counted_from, limit, pauses, clock.day_of(at)).on
    task.next_alarm_at = task_alarm(task, pauses, calendar=calendar, at=at, state=state)


def task_alarm(
    task: Task, pauses: Sequence[workdays.Pause], *, calendar: Calendar, at: dt.datetime, state: str = ""
) -> dt.datetime | None:
    """The next moment a sweep has to look at this task (once in ``state``, if given)."""
    if task.due_on is None or task.counted_from is None:
        return None
    dates = TaskDates(
        state=TaskState(state or task.state),
        counted_from=task.counted_from,
        due_on=task.due_on,
        days=task.days,
        reroute_due_on=task.reroute_due_on,
        paused=any(p.end is None for p in pauses),
    )
    return alarms.task_alarm(calendar, dates, at)


_DATES = ("contact_due_on", "plan_due_on", "promise_due_on")


def recompute_open(*, by: Actor, at: dt.datetime) -> int:
    """Recompute every open promise and task after a calendar was loaded; how many dates moved.

    One transaction a case, so that ten thousand cases do not hold one lock; running it again
    after a kill finishes the rest.
    """
    moved = 0
    ids = Case.objects.open().exclude(submitted_at=None).order_by("pk").values_list("pk", flat=True)
    calendar = current()
    for case_id in ids.iterator(chunk_size=500):
        moved += _recompute_case(case_id, calendar, by=by, at=at)
    return moved


@transaction.atomic
def _recompute_case(case_id: int, calendar: Calendar, *, by: Actor, at: dt.datetime) -> int:
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("item_version", "window")
        .prefetch_related("pauses")
        .get(pk=case_id)
    )
    before = {name: getattr(case, name) for name in _DATES}
    set_replies(case, calendar=calendar)
    set_promise(case, calendar=calendar, at=at)
    changes = {
        name.removesuffix("_due_on"): {"from": str(before[name]), "to": str(getattr(case, name))}
        for name in _DATES
        if before[name] != getattr(case, name)
    }
    case.save(update_fields=[*_DATES, "promise_provisional", "statutory_due_on", "next_alarm_at"])
    for task in case.tasks.filter(state__in=LIVE_TASK_STATES).select_related("department"):
        task.case = case
        was = task.due_on
        set_task_due(task, calendar=calendar, at=at)
        task.save(update_fields=["due_on", "next_alarm_at"])
        if was != task.due_on:
            changes[task.key] = {"from": str(was), "to": str(task.due_on)}
    if changes:
        record(case.stream, "case.recompute", by=by.ref, at=at, body={"changes": changes})
    return len(changes)
