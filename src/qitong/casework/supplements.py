"""Asking the company for more, and the pauses the law knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework import deadlines
from qitong.casework.intake import refresh_clock
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import Deed
from qitong.casework.models import Pause, Supplement, Task
from qitong.casework.move import locked, locked_task, move_case, move_task, person
from qitong.catalogue.calendar import current
from qitong.datashare import documents
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.kernel.workdays import PauseReason

ANSWER_DAYS = 5
"""Working days the company is asked to answer within; its file is not ended for being late."""


@transaction.atomic
def ask(*, task_id: int, question: str, by: Actor, at: dt.datetime) -> Supplement:
    """Ask the company for what is still needed: once a task, seen by all, the task's clock stops."""
    question = require(question, field="question", what=say("需要补充的内容"))
    task = locked_task(task_id)
    if Supplement.objects.filter(task=task).exists():
        raise Refused(
            say("{department}已经要求补充过一次，不能再次要求。", department=task.department.label),
            code="asked_once",
        )
    _demand_running(task)
    move_task(task, Deed.ASK_SUPPLEMENT, by=by, at=at, body={"question": question})
    pause = _open(task, PauseReason.AWAITING_SUPPLEMENT, note=question, by=by, at=at)
    supplement = Supplement.objects.create(
        case=task.case,
        task=task,
        pause=pause,
        question=question,
        asked_at=at,
        asked_by_id=person(by),
        due_on=current().add(day_of(at), ANSWER_DAYS),
    )
    _recompute(task, at=at)
    return supplement


@transaction.atomic
def answer(
    *,
    supplement_id: int,
    text: str,
    files: Sequence[tuple[str, BinaryIO]],
    by: Actor,
    at: dt.datetime,
) -> Supplement:
    """The company's answer, with files; the department's clock runs on from the same day."""
    text = require(text, field="answer", what=say("答复内容"))
    found = Supplement.objects.filter(pk=supplement_id).values_list("case_id", flat=True).first()
    if found is None:
        raise Refused(say("没有这项补充要求。"), code="not_found")
    case = locked(found)
    supplement = Supplement.objects.select_related("task__department", "pause").get(pk=supplement_id)
    if supplement.answered_at is not None:
        raise Refused(say("这项补充要求已在{at}答复。", at=supplement.answered_at), code="answered")
    move_case(
        case,
        Deed.ANSWER_SUPPLEMENT,
        by=by,
        at=at,
        body={"task": supplement.task_id, "files": len(files)},
        personal={"answer": text},
    )
    for name, file in files:
        kept = documents.store(file, name=name, enterprise_id=case.enterprise_id, by=by, at=at)
        supplement.documents.add(kept)
    supplement.answer, supplement.answered_at = text, at
    supplement.save()
    _close(supplement.pause, at=at)
    supplement.task.case = case
    _recompute(supplement.task, at=at)
    return supplement


@transaction.atomic
def pause(*, task_id: int, reason: PauseReason, note: str, by: Actor, at: dt.datetime) -> Pause:
    """Stop both clocks for a reason of licensing law art. 45; the company is told."""
    task = locked_task(task_id)
    if not reason.stops_promise:
        raise Refused(say("请使用“要求补充材料”。"), code="use_supplement", field="reason")
    item = task.case.item_version
    allowed = item.spec.pause_reasons if item is not None else frozenset()
    if reason not in allowed:
        raise Refused(
            say("这个事项不能因{reason}中止计时。", reason=reason.say()),
            code="no_legal_reason",
            field="reason",
        )
    _demand_running(task)
    move_task(task, Deed.PAUSE, by=by, at=at, body={"reason": reason, "note": note})
    opened = _open(task, reason, note=note, by=by, at=at)
    _recompute(task, at=at)
    return opened


@transaction.atomic
def resume(*, task_id: int, by: Actor, at: dt.datetime) -> Task:
    """Let the clocks run on."""
    task = locked_task(task_id)
    found = Pause.objects.filter(task=task, ends_on=None, stops_promise=True).first()
    if found is None:
        raise Refused(say("这项任务没有因法定原因暂停计时。"), code="not_paused")
    move_task(task, Deed.RESUME, by=by, at=at, body={"reason": found.reason})
    _close(found, at=at)
    _recompute(task, at=at)
    return task


def _demand_running(task: Task) -> None:
    if Pause.objects.filter(task=task, ends_on=None).exists():
        raise Refused(say("这项任务已经暂停计时。"), code="paused")


def _open(task: Task, reason: PauseReason, *, note: str, by: Actor, at: dt.datetime) -> Pause:
    return Pause.objects.create(
        case=task.case,
        task=task,
        reason=reason,
        stops_promise=reason.stops_promise,
        starts_on=day_of(at),
        opened_by=by.ref,
        note=note,
    )


def _close(pause: Pause, *, at: dt.datetime) -> None:
    if pause.ends_on is not None:
        return  # it ended with the task, before the company answered
    pause.ends_on = max(pause.starts_on, day_of(at))
    pause.save(update_fields=["ends_on"])


def _recompute(task: Task, *, at: dt.datetime) -> None:
    deadlines.set_task_due(task, calendar=current(), at=at)
    task.save(update_fields=["due_on", "next_alarm_at"])
    refresh_clock(task.case, at=at)
