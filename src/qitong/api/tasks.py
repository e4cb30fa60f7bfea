"""Tasks of departments: the token's board, one task, and the company's answer to a supplement."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from qitong.accounts.actors import Actor
from qitong.api import paging
from qitong.api.auth import acting, now
from qitong.api.scope import TaskId, attempt, task_of
from qitong.api.task_shapes import TaskOut, TaskPage, brief_out, task_out
from qitong.api.uploads import opened
from qitong.casework import permissions, personal, queries, supplements
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import Deed
from qitong.casework.models import Pause, Supplement, Task
from qitong.catalogue.calendar import current
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

router = Router(tags=["tasks"])
CURSOR = "tasks"


@router.get("/tasks", response=TaskPage, summary="Live tasks of the token's department, most urgent first")
def list_tasks(
    request: HttpRequest, cursor: paging.CursorParam = "", limit: paging.LimitParam = 25
) -> TaskPage:
    actor, today = acting(request), day_of(now())
    rows = queries.board(actor)
    if position := paging.read(cursor, of=CURSOR):
        due_on, pk = dt.date.fromisoformat(position[0]), int(position[1])
        rows = rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))
    page, following = paging.cut(list(rows[: limit + 1]), limit, of=CURSOR, by=("due_on", "pk"))
    calendar, paused = current(), _open_pauses(page)
    briefs = [brief_out(task, queries.light_of(task, paused.get(task.pk), calendar, today)) for task in page]
    return TaskPage(tasks=briefs, next=following)


@router.get("/tasks/{task_id}", response=TaskOut, summary="One task, with what may be done to it")
def read_task(request: HttpRequest, task_id: TaskId) -> TaskOut:
    actor = acting(request)
    return full(task_of(actor, task_id), actor, at=now())


@router.post(
    "/tasks/{task_id}/supplement", response=TaskOut, summary="The company's answer to what was asked for"
)
def answer_supplement(
    request: HttpRequest,
    task_id: TaskId,
    answer: Annotated[str, Form(max_length=5000)],
    files: Annotated[list[UploadedFile], File(max_length=20)] = [],  # noqa: B006  (ninja copies it)
) -> TaskOut:
    actor, at = acting(request), now()
    found = task_of(actor, task_id)
    asked = Supplement.objects.filter(task=found).first()
    if asked is None:
        raise Refused(say("这项任务没有要求补充材料。"), code="not_found")
    given = [(file.name or "", opened(file)) for file in files]
    attempt(
        actor,
        Deed.ANSWER_SUPPLEMENT,
        found.case,
        lambda: supplements.answer(supplement_id=asked.pk, text=answer, files=given, by=actor, at=at),
    )
    return full(task_of(actor, task_id), actor, at=at)


def full(task: Task, actor: Actor, *, at: dt.datetime) -> TaskOut:
    """In full, for a task read through ``scope.task_of``."""
    paused = _open_pauses([task]).get(task.pk)
    light = queries.light_of(task, paused, current(), day_of(at))
    asked = task.supplement if hasattr(task, "supplement") else None
    veil = personal.veil_of(actor, task.case, at=at)
    return task_out(queries.TaskRow(task, light, asked), actor, permissions.standing(task.case), veil)


def _open_pauses(tasks: list[Task]) -> dict[int | None, Pause]:
    return {pause.task_id: pause for pause in Pause.objects.filter(task__in=tasks, ends_on=None)}
