"""Pressing by hand, once a working day: the departments of a case, or the company it waits for."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework import permissions, tasks
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import LIVE_TASK_STATES, CaseState, Deed
from qitong.casework.logic.terms import CommitmentState, Owed
from qitong.casework.models import Case, Reminder, Task
from qitong.casework.move import locked, move_case
from qitong.casework.permissions import Standing
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say

PRESSED, COMPANY_PRESSED = "pressed", "company_pressed"
ALREADY = say("今天已经催办过，明天可以再催。")


def owed(case: Case) -> Owed | None:
    """What the case waits for from the company; reads its supplements and commitments."""
    if case.state == CaseState.CORRECTION:
        return Owed.CORRECTION
    if case.state == CaseState.DELIVERED:
        return Owed.CONFIRMATION
    if any(row.answered_at is None for row in case.supplements.all()):
        return Owed.SUPPLEMENT
    if any(row.state == CommitmentState.OPEN for row in case.commitments.all()):
        return Owed.COMMITMENT
    return None


def why_not_company(actor: Actor, case: Case, at: Standing, today: dt.date) -> Sentence:
    """Why the company cannot be reminded of this case today; empty when it can."""
    if reason := permissions.why_not(actor, Deed.REMIND_COMPANY, case, at):
        return reason
    if owed(case) is None:
        return say("现在没有等企业办的事。")
    return _already(case, None, COMPANY_PRESSED, today)


@transaction.atomic
def remind_company(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Remind the company of what the case waits for; once a working day."""
    case = locked(case_id)
    if reason := why_not_company(by, case, permissions.standing_for(by, case), day_of(at)):
        raise Refused(reason, code="not_allowed")
    Reminder.objects.create(case=case, kind=COMPANY_PRESSED, working_day=day_of(at), raised_at=at)
    return move_case(case, Deed.REMIND_COMPANY, by=by, at=at, body={"owed": owed(case)})


def pressable(
    actor: Actor, case: Case, live: list[Task], at: Standing, today: dt.date
) -> tuple[list[Task], Sentence]:
    """The live tasks of a case whose department ``actor`` may press today, or why there is none."""
    why = say("现在没有部门在办。")
    found = []
    for task in live:
        if task.kind == "acceptance":
            continue
        reason = permissions.why_not(actor, Deed.REMIND, task, at) or _already(case, task, PRESSED, today)
        if reason:
            why = reason
        else:
            found.append(task)
    return found, NOTHING if found else why


@transaction.atomic
def remind_departments(*, case_id: int, note: str, by: Actor, at: dt.datetime) -> int:
    """Press every department that has the case in hand and was not pressed today; how many tasks."""
    case = locked(case_id)
    live = list(case.tasks.filter(state__in=LIVE_TASK_STATES).select_related("department", "assignee"))
    for task in live:
        task.case = case
    found, reason = pressable(by, case, live, permissions.standing_for(by, case), day_of(at))
    if reason:
        raise Refused(reason, code="not_allowed")
    for task in found:
        tasks.remind(task_id=task.pk, note=note, by=by, at=at)
    return len(found)


def _already(case: Case, task: Task | None, kind: str, today: dt.date) -> Sentence:
    told = (
        row.kind == kind and row.working_day == today and row.task_id == (task.pk if task else None)
        for row in case.reminders.all()
    )
    return ALREADY if any(told) else NOTHING
