"""The step graph of a case: made from the published item, started, closed and dropped by the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
from qitong.casework import deadlines
from qitong.casework.logic import join
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import LIVE_TASK_STATES, CaseKind, CaseState, Deed, TaskState
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Pause, Task
from qitong.casework.move import move_case, move_task
from qitong.catalogue.calendar import current
from qitong.catalogue.logic.types import WINDOW, StepSpec
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.kernel.workdays import PauseReason

FLOW = Actor.system("flow")
CORRECTION = "correction"
"""The note of pauses that a one-time notice opens and the corrected file closes."""


def create(case: Case, *, at: dt.datetime, only: frozenset[str] | None = None) -> list[Task]:
    """Make the tasks of this round from the item's steps (``only`` some of them after a reopening)."""
    spec = deadlines.spec_of(case)
    if spec is None:
        return []
    chosen = [s for s in spec.steps if only is None or s.key in only]
    departments = {d.code: d for d in Department.objects.filter(code__in={s.department for s in chosen})}
    return Task.objects.bulk_create(_task(case, step, departments) for step in chosen)


def _task(case: Case, step: StepSpec, departments: dict[str, Department]) -> Task:
    department = case.window if step.department == WINDOW else departments.get(step.department)
    if department is None:
        raise Refused(say("事项目录中的部门“{code}”还没有设立。", code=step.department), code="no_department")
    return Task(
        case=case,
        round=case.round,
        key=step.key,
        kind=step.kind.value,
        name_zh=step.name.zh,
        name_en=step.name.en,
        department=department,
        after=list(step.after),
        level=step.level,
        days=step.days,
    )


def of_round(case: Case) -> list[Task]:
    found = list(case.tasks.filter(round=case.round).select_related("department", "assignee"))
    for task in found:
        task.case = case
    return found


def nodes(tasks: Iterable[Task]) -> list[join.Node]:
    return [
        join.Node(
            key=t.key,
            state=TaskState(t.state),
            after=frozenset(t.after),
            is_decision=t.is_decision,
        )
        for t in tasks
    ]


def begin(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """Make the tasks of a case just handed in, and start those that wait for nothing."""
    if create(case, at=at):
        enable_ready(case, by=by, at=at)


def enable_ready(case: Case, *, by: Actor, at: dt.datetime, among: list[Task] | None = None) -> list[Task]:
    """Start at once every task whose predecessors are all done; the decision only when all is in.

    Nothing that waits for acceptance starts before it. Starting the decision moves the case on.
    ``among`` are the tasks of the round, if they are at hand.
    """
    found = of_round(case) if among is None else among
    ready = set(join.ready(nodes(found)))
    started = [t for t in found if t.key in ready and _may_start(case, t)]
    for task in started:
        _start(task, by=by, at=at)
    reviewing = case.state == CaseState.IN_REVIEW and case.kind == CaseKind.APPLICATION
    if reviewing and found and join.all_in(nodes(found)):
        move_case(case, Deed.COMPLETE_REVIEW, by=FLOW, at=at, body={"through": by.ref})
    return started


def _may_start(case: Case, task: Task) -> bool:
    """Before acceptance only what the graph puts beside it; the decision only after acceptance."""
    return not (task.is_decision and case.accepted_at is None)


def _start(task: Task, *, by: Actor, at: dt.datetime) -> None:
    calendar = current()
    task.enabled_at = at
    task.counted_from = deadlines.received_day(calendar, at, task.department)
    deadlines.set_task_due(task, calendar=calendar, at=at, state=TaskState.ENABLED)
    facts = {"assignee_id": task.case.owner_id} if task.kind == "acceptance" else {}
    move_task(
        task,
        Deed.ENABLE,
        by=FLOW,
        at=at,
        facts=facts,
        body={"due_on": task.due_on, "through": by.ref},
    )


def close(case: Case, kind: str, *, by: Actor, at: dt.datetime) -> list[Task]:
    """Finish the acceptance or decision task together with the case's own move; the tasks of the round."""
    tasks = of_round(case)
    live = (TaskState.ENABLED, TaskState.CLAIMED)
    for task in (t for t in tasks if t.kind == kind and t.state in live):
        _finish(task, by=by, at=at)
    return tasks


def _finish(task: Task, *, by: Actor, at: dt.datetime) -> None:
    case = task.case
    if task.state == TaskState.ENABLED:
        owner = by.user_id if by.user_id is not None else case.owner_id
        move_task(
            task,
            Deed.CLAIM,
            by=FLOW,
            at=at,
            facts={"assignee_id": owner, "claimed_at": at},
            body={"through": by.ref},
        )
    facts = {"outcome": TaskOutcome.FINISHED, "done_at": at, "next_alarm_at": None}
    move_task(task, Deed.FINISH, by=FLOW, at=at, facts=facts, body={"through": by.ref})


def hold(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """The company has to correct its file: until then no department's clock runs."""
    for task in of_round(case):
        if task.state not in LIVE_TASK_STATES or Pause.objects.filter(task=task, ends_on=None).exists():
            continue
        Pause.objects.create(
            case=case,
            task=task,
            reason=PauseReason.AWAITING_SUPPLEMENT,
            stops_promise=False,
            starts_on=day_of(at),
            opened_by=by.ref,
            note=CORRECTION,
        )
        _count_again(task, at=at)


def go_on(case: Case, *, at: dt.datetime) -> None:
    """The corrected file is in: acceptance counts from its receipt, the others where they stood."""
    for task in of_round(case):
        for pause in Pause.objects.filter(task=task, ends_on=None, note=CORRECTION):
            pause.ends_on = max(pause.starts_on, day_of(at))
            pause.save(update_fields=["ends_on"])
            if task.kind == "acceptance":
                task.counted_from = case.received_on
            _count_again(task, at=at)


def _count_again(task: Task, *, at: dt.datetime) -> None:
    deadlines.set_task_due(task, calendar=current(), at=at)
    task.save(update_fields=["counted_from", "due_on", "next_alarm_at"])


def drop_open(case: Case, reason: str, *, by: Actor, at: dt.datetime) -> None:
    """Drop what is left of a case that ends early, and close its pauses."""
    for task in of_round(case):
        if task.state not in join.SETTLED:
            facts = {"dropped_at": at, "drop_reason": reason, "next_alarm_at": None}
            move_task(
                task, Deed.DROP, by=FLOW, at=at, facts=facts, body={"reason": reason, "through": by.ref}
            )
    for pause in Pause.objects.filter(case=case, ends_on=None):
        pause.ends_on = max(pause.starts_on, day_of(at))
        pause.save(update_fields=["ends_on"])
