"""What is due on which day: what a company has to do and was promised, what an officer has to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from qitong.accounts.actors import Actor
from qitong.casework import delivery
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import OPEN_STATES, CaseState
from qitong.casework.logic.terms import CommitmentState
from qitong.casework.models import Case, Commitment, Supplement, Task
from qitong.casework.queries import board
from qitong.catalogue.calendar import current
from qitong.kernel.words import Sentence, say

MOST = 500
CORRECTION_DAYS = 5
"""Working days after which the company is reminded; the law sets no day for a correction."""
_RUNNING = OPEN_STATES - {CaseState.CORRECTION}
_OWED_STATES = (CaseState.CORRECTION, CaseState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing on one day. ``key`` names it for as long as it is due, whatever the day becomes."""

    key: str
    on: dt.date
    what: Sentence
    case: Case


def of_company(actor: Actor) -> list[Due]:
    """For the companies the actor is a member of; a closed account is a member of none."""
    cases = Case.objects.filter(enterprise_id__in=actor.enterprise_ids, state__in=[*_RUNNING, *_OWED_STATES])
    found = list(cases.select_related("item_version").order_by("-pk")[:MOST])
    by_pk = {case.pk: case for case in found}
    return _in_order([*_of_cases(found), *_asked(by_pk), *_promised_materials(by_pk)])


def _of_cases(cases: list[Case]) -> Iterator[Due]:
    calendar = current()
    handed_over = {day_of(case.delivered_at): case.delivered_at for case in cases if case.delivered_at}
    confirm_by = {day: delivery.auto_confirm_on(moment) for day, moment in handed_over.items()}
    for case in cases:
        if case.state == CaseState.CORRECTION and case.correction_at:
            remind_on = calendar.add(day_of(case.correction_at), CORRECTION_DAYS)
            yield Due("correction", remind_on, say("请补正后重新提交，尽早为好"), case)
        elif case.state == CaseState.DELIVERED and case.delivered_at:
            until = confirm_by[day_of(case.delivered_at)]
            yield Due("confirm", until, say("请核对结果并确认，当天之后自动办结"), case)
        elif case.state == CaseState.SUBMITTED and case.plan_due_on:
            yield Due("reply", case.plan_due_on, say("受理窗口答复是否受理的最后一天"), case)
        if case.state in _RUNNING and case.accepted_at and case.promise_due_on:
            yield Due("result", case.promise_due_on, say("承诺办结的日子"), case)


def _asked(by_pk: dict[int, Case]) -> Iterator[Due]:
    live = [pk for pk, case in by_pk.items() if case.state in _RUNNING]
    rows = Supplement.objects.filter(case_id__in=live, answered_at=None).select_related("task__department")
    for row in rows:
        what = say("请答复{department}的补充要求", department=row.task.department.label)
        yield Due(f"supplement-{row.pk}", row.due_on, what, by_pk[row.case_id])


def _promised_materials(by_pk: dict[int, Case]) -> Iterator[Due]:
    for row in Commitment.objects.filter(case_id__in=by_pk, state=CommitmentState.OPEN):
        what = say("请补齐承诺的容缺材料，逾期办理终止")
        yield Due(f"commitment-{row.pk}", row.due_on, what, by_pk[row.case_id])


def of_officer(actor: Actor) -> list[Due]:
    """The cases the actor owns (or whose owner they stand in for) and the tasks on their desk."""
    if actor.user_id is None or not actor.is_officer:
        return []
    owned = Case.objects.filter(owner_id__in=actor.people, state__in=OPEN_STATES)
    cases = list(owned.select_related("item_version").order_by("-pk")[:MOST])
    tasks = board(actor).filter(due_on__isnull=False).exclude(kind="acceptance")
    mine = tasks.filter(Q(assignee_id__in=actor.people) | Q(assignee=None))[:MOST]
    return _in_order([*_owned(cases), *map(_task, mine)])


def _owned(cases: list[Case]) -> Iterator[Due]:
    for case in cases:
        if case.contacted_at is None and case.contact_due_on:
            yield Due("contact", case.contact_due_on, say("请首次联系企业"), case)
        if case.state == CaseState.SUBMITTED and case.plan_due_on:
            yield Due("reply", case.plan_due_on, say("请受理或一次性告知补正"), case)
        if case.accepted_at and case.promise_due_on:
            yield Due("result", case.promise_due_on, say("承诺企业办结的日子"), case)


def _task(task: Task) -> Due:
    if task.due_on is None:
        raise ValueError(f"task {task.pk} has no day")
    what = say("请完成“{name}”", name=task.label)
    return Due(f"task-{task.pk}", task.due_on, what, task.case)


def _in_order(found: list[Due]) -> list[Due]:
    return sorted(found, key=lambda due: (due.on, due.case.pk, due.key))
