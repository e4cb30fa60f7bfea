"""A task as the API shows it."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from qitong.accounts.actors import Actor
from qitong.api.shapes import AllowedDeed, Coded, DepartmentOut, LightOut, Name, shown
from qitong.casework.logic.flow import TASK_FLOW, TASK_STATE_WORDS, Party, TaskState
from qitong.casework.logic.light import Light
from qitong.casework.logic.terms import TASK_OUTCOME_WORDS, TaskOutcome
from qitong.casework.models import Supplement, Task
from qitong.casework.permissions import Standing, why_not
from qitong.casework.queries import TaskRow
from qitong.kernel.masking import Veil


class CaseBrief(BaseModel):
    id: int
    number: str | None
    title: str


class SupplementOut(BaseModel):
    """What the department still asks of the company, once a task."""

    question: str
    asked_at: dt.datetime
    due_on: dt.date
    answer: str
    answered_at: dt.datetime | None


class TaskBrief(BaseModel):
    """A row of the board."""

    id: int
    case: CaseBrief
    key: str
    name: Name
    department: DepartmentOut
    state: Coded
    due_on: dt.date | None
    light: LightOut


class TaskPage(BaseModel):
    tasks: list[TaskBrief]
    next: str | None = Field(description="Cursor of the next page; null on the last")


class TaskOut(TaskBrief):
    round: int
    kind: str
    ask: str
    days: int = Field(description="Working days")
    counted_from: dt.date | None
    after: list[str]
    level: int
    assignee: str | None
    outcome: Coded | None
    opinion: str
    return_reason: str
    supplement: SupplementOut | None
    allowed_deeds: list[AllowedDeed]


def brief_out(task: Task, light: Light) -> TaskBrief:
    state = TaskState(task.state)
    return TaskBrief(
        id=task.pk,
        case=CaseBrief(id=task.case_id, number=task.case.number, title=shown(task.case.label)),
        key=task.key,
        name=Name(zh=task.name_zh, en=task.name_en),
        department=DepartmentOut.of(task.department),
        state=Coded.of(state, TASK_STATE_WORDS[state]),
        due_on=task.due_on,
        light=LightOut.of(light),
    )


def task_out(row: TaskRow, actor: Actor, standing: Standing, veil: Veil) -> TaskOut:
    task = row.task
    outcome = TaskOutcome(task.outcome) if task.outcome else None
    return TaskOut(
        **dict(brief_out(task, row.light)),
        round=task.round,
        kind=task.kind,
        ask=veil.text(task.ask),
        days=task.days,
        counted_from=task.counted_from,
        after=task.after,
        level=task.level,
        assignee=task.assignee.name if task.assignee else None,
        outcome=Coded.of(outcome, TASK_OUTCOME_WORDS[outcome]) if outcome else None,
        opinion=veil.text(task.opinion),
        return_reason=veil.text(task.return_reason),
        supplement=_supplement(row.supplement, veil) if row.supplement else None,
        allowed_deeds=_allowed(task, actor, standing),
    )


def _supplement(asked: Supplement, veil: Veil) -> SupplementOut:
    return SupplementOut(
        question=veil.text(asked.question),
        asked_at=asked.asked_at,
        due_on=asked.due_on,
        answer=veil.text(asked.answer),
        answered_at=asked.answered_at,
    )


def _allowed(task: Task, actor: Actor, standing: Standing) -> list[AllowedDeed]:
    """Every deed that people can do to a task."""
    found = []
    for row in TASK_FLOW:
        if row.who == (Party.SYSTEM,):
            continue
        reason = why_not(actor, row.deed, task, standing)
        found.append(
            AllowedDeed(deed=row.deed.value, name=str(row.words), allowed=not reason, why_not=str(reason))
        )
    return found
