"""Reminders: what each says to whom, and whether it is still about something that has to be done."""

from __future__ import annotations

from collections.abc import Callable

from qitong.casework.logic.flow import LIVE_TASK_STATES, OPEN_STATES, CaseState, TaskState
from qitong.casework.models import Case, Task
from qitong.kernel.words import say
from qitong.notifications import audience as to
from qitong.notifications.lines import Tell, line

REMINDERS: dict[str, tuple[Tell, ...]] = {
    "reminder.acceptance_due": (
        line(
            to.owner,
            text=say("提醒：请在{plan_due_on}前对“{title}”（{number}）受理或一次性告知补正，逾期视为受理。"),
        ),
    ),
    "reminder.contact_overdue": (
        line(
            to.owner,
            to.window_head,
            text=say(
                "提醒：“{title}”（{number}）应在{contact_due_on}前联系企业，请首问负责人{owner}今天联系。"
            ),
        ),
    ),
    "reminder.plan_overdue": (
        line(
            to.owner,
            to.window_head,
            text=say("提醒：“{title}”（{number}）应在{plan_due_on}前安排办理，请首问负责人{owner}今天安排。"),
        ),
    ),
    "reminder.promise_near": (
        line(
            to.owner,
            to.helpers,
            text=say("提醒：“{title}”（{number}）承诺在{promise_due_on}前办结，请抓紧办理。"),
        ),
    ),
    "reminder.promise_overdue": (
        line(
            to.owner,
            to.window_head,
            to.leader,
            text=say(
                "提醒：“{title}”（{number}）已超过承诺期限{promise_due_on}，请首问负责人{owner}说明原因并尽快办结。"
            ),
        ),
    ),
    "reminder.correction_waiting": (
        line(to.company, text=say("提醒：“{title}”（{number}）还在等您补正，请按告知书补齐后重新提交。")),
    ),
    "reminder.task_near": (
        line(to.at_work, text=say("提醒：“{title}”（{number}）的“{name}”应在{due_on}前完成。")),
    ),
    "reminder.task_overdue": (
        line(
            to.at_work,
            to.department_head,
            to.owner,
            text=say(
                "提醒：{department}的“{name}”已超过期限{due_on}，请今天完成。办件是“{title}”（{number}）。"
            ),
        ),
    ),
    "reminder.department_silent": (
        line(
            to.at_work,
            to.department_head,
            text=say(
                "提醒：“{title}”（{number}）的“{name}”还没有人领取，请{department}今天领取，应于{due_on}前完成。"
            ),
        ),
    ),
    "reminder.reroute_overdue": (
        line(
            to.owner,
            to.window_head,
            text=say(
                "提醒：“{title}”（{number}）被退回的“{name}”应在{reroute_due_on}前改派，请首问负责人{owner}今天改派。"
            ),
        ),
    ),
    "reminder.commitment_near": (
        line(
            to.company,
            text=say(
                "提醒：“{title}”（{number}）的容缺材料应在{commitment_due_on}前补齐，逾期将终止办理并记入企业记录。"
            ),
        ),
    ),
}

_UNDER_WAY = (CaseState.IN_REVIEW, CaseState.AWAITING_DECISION, CaseState.APPROVED)
_AT_WORK = (TaskState.ENABLED, TaskState.CLAIMED)

_CASE_WANTS: dict[str, Callable[[Case], bool]] = {
    "reminder.acceptance_due": lambda case: case.state == CaseState.SUBMITTED,
    "reminder.contact_overdue": lambda case: case.contacted_at is None and case.state in OPEN_STATES,
    "reminder.plan_overdue": lambda case: case.planned_at is None and case.state == CaseState.IN_REVIEW,
    "reminder.promise_near": lambda case: case.state in _UNDER_WAY,
    "reminder.promise_overdue": lambda case: case.state in _UNDER_WAY,
    "reminder.correction_waiting": lambda case: case.state == CaseState.CORRECTION,
    "reminder.commitment_near": lambda case: case.commitments.filter(state="open").exists(),
}
_TASK_WANTS: dict[str, Callable[[Task], bool]] = {
    "reminder.task_near": lambda task: task.state in _AT_WORK,
    "reminder.task_overdue": lambda task: task.state in _AT_WORK,
    "reminder.department_silent": lambda task: task.state == TaskState.ENABLED,
    "reminder.reroute_overdue": lambda task: task.state == TaskState.RETURNED,
    "task.remind": lambda task: task.state in LIVE_TASK_STATES,
}


def still_wanted(kind: str, case: Case | None, task: Task | None) -> bool:
    """False for a reminder of what has been done since; asked when it is written and when it is sent."""
    if kind in _CASE_WANTS:
        return case is not None and _CASE_WANTS[kind](case)
    if kind in _TASK_WANTS:
        return task is not None and _TASK_WANTS[kind](task)
    return True
