"""What a department does with its task, and what the owner and the leader do about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department, User
from qitong.accounts.queries import roles_on
from qitong.casework import deadlines, permissions, steps
from qitong.casework.intake import refresh_clock
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseKind, CaseState, Deed, TaskState
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Pause, Reminder, Task
from qitong.casework.move import locked, locked_task, move_case, move_task
from qitong.catalogue.calendar import current
from qitong.catalogue.queries import promises
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import Sentence, say

OWN_DOOR = {
    "acceptance": say("受理步骤由“受理”完成。"),
    "decision": say("决定步骤由“准予”或“不予”完成。"),
}


@transaction.atomic
def claim(*, task_id: int, by: Actor, at: dt.datetime) -> Task:
    """Take an enabled task of one's department. Claiming one's own again changes nothing."""
    task = locked_task(task_id)
    if task.state == TaskState.CLAIMED and task.assignee_id == by.user_id:
        return task
    alarm = deadlines.task_alarm(
        task,
        deadlines.pauses_of(task.case, task),
        calendar=current(),
        at=at,
        state=TaskState.CLAIMED,
    )
    facts = {"assignee_id": by.user_id, "claimed_at": at, "next_alarm_at": alarm}
    return move_task(task, Deed.CLAIM, by=by, at=at, facts=facts, body={"assignee": by.name})


@transaction.atomic
def release(*, task_id: int, by: Actor, at: dt.datetime) -> Task:
    """Put a claimed task back, for a colleague to take."""
    task = locked_task(task_id)
    facts = {"assignee": None, "released_at": at, "claimed_at": None}
    move_task(task, Deed.RELEASE, by=by, at=at, facts=facts)
    return _alarm_again(task, at=at)


@transaction.atomic
def assign(*, task_id: int, to: User, by: Actor, at: dt.datetime) -> Task:
    """Hand a task to a colleague of the same department: its assignee does, or the head of department."""
    task = locked_task(task_id)
    if reason := why_not_assign(by, task):
        raise Refused(reason, code="not_allowed")
    if task.assignee_id == to.pk:
        return task
    if not roles_on(day_of(at)).filter(user=to, department=task.department_id).exists():
        raise Refused(
            say("{name}不在{department}工作，请另选。", name=to.name, department=task.department.label),
            code="other_department",
            field="to",
        )
    pauses = deadlines.pauses_of(task.case, task)
    alarm = deadlines.task_alarm(task, pauses, calendar=current(), at=at, state=TaskState.CLAIMED)
    body = {"colleague": to.ref, "assignee": to.name, "before": task.assignee.ref if task.assignee else None}
    facts = {"assignee": to, "claimed_at": task.claimed_at or at, "next_alarm_at": alarm}
    return move_task(task, Deed.ASSIGN, by=by, at=at, facts=facts, body=body)


def why_not_assign(actor: Actor, task: Task, known: permissions.Standing | None = None) -> Sentence:
    """Why ``actor`` may not hand the task on; what nobody has claimed the head of department gives out."""
    if task.kind in OWN_DOOR:
        return OWN_DOOR[task.kind]
    reason = permissions.why_not(actor, Deed.ASSIGN, task, known)
    heads = actor.has(Role.DEPARTMENT_HEAD, task.department_id)
    if not reason and task.state == TaskState.ENABLED and not heads:
        return say("还没有人领取，由部门负责人指派；您也可以自己领取。")
    return reason


@transaction.atomic
def finish(*, task_id: int, outcome: TaskOutcome, opinion: str, by: Actor, at: dt.datetime) -> Task:
    """Give the department's opinion: concur, object (with reasons) or finished; what waited starts."""
    task = locked_task(task_id)
    if task.kind in OWN_DOOR:
        raise Refused(OWN_DOOR[task.kind], code="own_door")
    if outcome is TaskOutcome.OBJECT:
        opinion = require(opinion, field="opinion", what=say("不同意的理由和依据"))
    elif task.case.kind == CaseKind.REQUEST:
        opinion = require(opinion, field="opinion", what=say("办理结果"))
    _close_pause(task, at=at)
    facts = {"outcome": outcome, "opinion": opinion.strip(), "done_at": at, "next_alarm_at": None}
    move_task(
        task, Deed.FINISH, by=by, at=at, facts=facts, body={"outcome": outcome, "opinion": opinion.strip()}
    )
    steps.enable_ready(task.case, by=by, at=at)
    refresh_clock(task.case, at=at)
    return task


@transaction.atomic
def return_task(*, task_id: int, reason: str, by: Actor, at: dt.datetime) -> Task:
    """Say a task is not one's own; the owner has to re-route it within one working day."""
    reason = require(reason, field="reason", what=say("退单理由"))
    task = locked_task(task_id)
    if task.kind in OWN_DOOR:
        raise Refused(OWN_DOOR[task.kind], code="own_door")
    calendar = current()
    day = deadlines.received_day(calendar, at, task.department)
    due = calendar.add(day, promises(day_of(at)).reroute)
    facts: dict[str, Any] = {
        "return_reason": reason,
        "returned_at": at,
        "reroute_due_on": due,
        "assignee": None,
        "claimed_at": None,
    }
    move_task(task, Deed.RETURN, by=by, at=at, facts=facts, body={"reason": reason, "reroute_due_on": due})
    _close_pause(task, at=at)
    refresh_clock(task.case, at=at)
    return _alarm_again(task, at=at)


@transaction.atomic
def reroute(*, task_id: int, to: Department, note: str, by: Actor, at: dt.datetime) -> Task:
    """Give a returned task to another department; its own clock starts anew, the promise does not."""
    task = locked_task(task_id)
    if to.pk == task.department_id:
        raise Refused(say("{name}刚刚退回这项任务，请另选部门。", name=to.label), code="same", field="to")
    calendar = current()
    before = task.department
    move_task(
        task,
        Deed.REROUTE,
        by=by,
        at=at,
        facts={
            "department": to,
            "enabled_at": at,
            "counted_from": deadlines.received_day(calendar, at, to),
            "reroute_due_on": None,
            "returned_at": None,
        },
        body={"was": {"zh": before.name_zh, "en": before.name_en}, "note": note},
    )
    return _alarm_again(task, at=at)


def _alarm_again(task: Task, *, at: dt.datetime) -> Task:
    deadlines.set_task_due(task, calendar=current(), at=at)
    task.save(update_fields=["due_on", "next_alarm_at"])
    return task


@transaction.atomic
def waive(*, task_id: int, grounds: str, by: Actor, at: dt.datetime) -> Task:
    """A leader decides not to wait for a silent department any longer. Never for a red line."""
    grounds = require(grounds, field="grounds", what=say("不再等待的理由"))
    task = locked_task(task_id)
    if reason := why_not_waive(task):
        raise Refused(reason, code="own_door" if task.kind in OWN_DOOR else "red_line")
    facts = {"dropped_at": at, "drop_reason": grounds, "next_alarm_at": None}
    _close_pause(task, at=at)
    move_task(task, Deed.WAIVE, by=by, at=at, facts=facts, body={"grounds": grounds})
    steps.enable_ready(task.case, by=by, at=at)
    refresh_clock(task.case, at=at)
    return task


def why_not_waive(task: Task) -> Sentence:
    item = task.case.item_version
    if task.kind in OWN_DOOR:
        return OWN_DOOR[task.kind]
    if item is not None and item.red_line:
        return say("“{item}”涉及安全或环境红线，各部门意见必须到齐。", item=item.label)
    return say("")


@transaction.atomic
def remind(*, task_id: int, note: str, by: Actor, at: dt.datetime) -> Task:
    """Press a department; once a working day."""
    task = locked_task(task_id)
    move_task(task, Deed.REMIND, by=by, at=at, body={"note": note})
    _, created = Reminder.objects.get_or_create(
        case=task.case, task=task, kind="pressed", working_day=day_of(at), defaults={"raised_at": at}
    )
    if not created:
        raise Refused(say("今天已经催办过，明天可以再催。"), code="already_reminded")
    return task


def _close_pause(task: Task, *, at: dt.datetime) -> None:
    for pause in Pause.objects.filter(task=task, ends_on=None):
        pause.ends_on = max(pause.starts_on, day_of(at))
        pause.save(update_fields=["ends_on"])


@transaction.atomic
def dispatch(
    *,
    case_id: int,
    department: Department,
    ask: str,
    days: int,
    by: Actor,
    at: dt.datetime,
    after: tuple[str, ...] = (),
) -> Task:
    """Turn part of a free request into a task of a department, due in ``days`` working days.

    ``after`` names tasks of this case that must be done first. The first task keeps the promise of a plan.
    """
    ask = require(ask, field="ask", what=say("请部门办什么"))
    case = locked(case_id)
    if case.kind != CaseKind.REQUEST:
        raise Refused(say("事项申请的步骤由目录规定，不能另派任务。"), code="not_a_request")
    if not 1 <= days <= 60:
        raise Refused(say("办理天数应在1到60个工作日之间。"), code="days", field="days")
    existing = list(case.tasks.filter(round=case.round))
    unknown = set(after) - {t.key for t in existing}
    if unknown:
        raise Refused(say("没有前置任务{keys}。", keys=tuple(sorted(unknown))), code="after", field="after")
    facts = {} if case.planned_at else {"planned_at": at}
    body = {"department": department.code, "ask": ask, "days": days}
    move_case(case, Deed.PLAN, by=by, at=at, facts=facts, body=body)
    task = Task.objects.create(
        case=case,
        round=case.round,
        key=f"task-{_next_number(case)}",
        kind="review",
        name_zh=ask[:120],
        name_en=ask[:120],
        ask=ask,
        department=department,
        after=list(after),
        level=1 + max((t.level for t in existing if t.key in after), default=0),
        days=days,
    )
    steps.enable_ready(case, by=by, at=at)
    refresh_clock(case, at=at)
    return Task.objects.select_related("department", "case").get(pk=task.pk)


def _next_number(case: Case) -> int:
    """One more than any task of any round has, so that a reopened request never names two alike."""
    keys = case.tasks.values_list("key", flat=True)
    return 1 + max((int(key.removeprefix("task-")) for key in keys), default=0)


@transaction.atomic
def complete_request(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """The owner says a free request is ready to be answered: nothing is open any more."""
    case = locked(case_id)
    if case.kind != CaseKind.REQUEST:
        raise Refused(say("事项申请在各部门意见到齐后自动报请决定。"), code="not_a_request")
    if case.state == CaseState.IN_REVIEW:
        waiting = [t.department.label for t in steps.of_round(case) if t.state not in ("done", "dropped")]
        if waiting:
            raise Refused(say("还有任务没有完成：{who}。", who=tuple(waiting)), code="tasks_open")
        children = case.children.open()
        if children.exists():
            names = tuple(c.title for c in children)
            raise Refused(say("由此开出的事项还在办理：{names}。", names=names), code="children_open")
    facts = {} if case.planned_at else {"planned_at": at}
    return refresh_clock(move_case(case, Deed.COMPLETE_REVIEW, by=by, at=at, facts=facts), at=at)
