"""One deed to many cases or tasks: each in a transaction of its own, each once, and why not where not.

An order is kept under a key before the first deed. A second click, or a run that was killed on the
way, finds the lines that are written and does the rest.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.accounts.places import chains
from qitong.casework import permissions, queries, reminding, routing, tasks
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import LIVE_TASK_STATES, Deed
from qitong.casework.models import Batch, BatchLine, Case, Reminder, Task
from qitong.casework.move import person
from qitong.casework.permissions import Standing
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.record import record

MOST = 100
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A case, and the task of it where the deed is one's, with what has to be known of them."""

    case: Case
    task: Task | None
    standing: Standing

    @property
    def pk(self) -> int:
        return self.task.pk if self.task else self.case.pk


@dataclass(frozen=True, slots=True)
class Way:
    """``why_not`` from what was read; ``run`` looks again under the lock. ``needs``: what is prefetched."""

    run: Callable[[Subject, Given, Actor, dt.datetime], object]
    why_not: Callable[[Actor, Subject, dt.date], Sentence]
    at_tasks: bool = False
    needs: tuple[str, ...] = ()


def _live(subject: Subject) -> list[Task]:
    """The live tasks of the case as they were prefetched."""
    found = [task for task in subject.case.tasks.all() if task.state in LIVE_TASK_STATES]
    for task in found:
        task.case = subject.case
    return found


def _why_not_helper(actor: Actor, subject: Subject, today: dt.date) -> Sentence:
    return permissions.why_not(actor, Deed.TRANSFER, subject.case, subject.standing)


def _why_not_remind(actor: Actor, subject: Subject, today: dt.date) -> Sentence:
    return reminding.pressable(actor, subject.case, _live(subject), subject.standing, today)[1]


def _why_not_company(actor: Actor, subject: Subject, today: dt.date) -> Sentence:
    return reminding.why_not_company(actor, subject.case, subject.standing, today)


def _why_not_claim(actor: Actor, subject: Subject, today: dt.date) -> Sentence:
    task = _task(subject)
    own_door = tasks.OWN_DOOR.get(task.kind, NOTHING)
    return own_door or permissions.why_not(actor, Deed.CLAIM, task, subject.standing)


def _why_not_hand(actor: Actor, subject: Subject, today: dt.date) -> Sentence:
    """The tasks of the case that the actor may hand on, or why there is none."""
    if subject.task is not None:
        return tasks.why_not_assign(actor, subject.task, subject.standing)
    return _handable(actor, subject)[1]


def _handable(actor: Actor, subject: Subject) -> tuple[list[Task], Sentence]:
    why = say("没有您或本部门可以转交的任务。")
    own = [task for task in _live(subject) if task.department_id in actor.departments()]
    reasons = {task.pk: tasks.why_not_assign(actor, task, subject.standing) for task in own}
    found = [task for task in own if not reasons[task.pk]]
    return found, NOTHING if found else next(iter(reasons.values()), why)


def _helper(subject: Subject, given: Given, by: Actor, at: dt.datetime) -> None:
    to = User.objects.get(pk=given["to"])
    if subject.case.participants.filter(user=to, handed_over_at=None).exists():
        raise Refused(say("{name}已经是协办人。", name=to.name), code="already")
    routing.transfer(case_id=subject.case.pk, to=to, reason=given["reason"], by=by, at=at)


def _hand(subject: Subject, given: Given, by: Actor, at: dt.datetime) -> None:
    to = User.objects.get(pk=given["to"])
    found, reason = ([subject.task], NOTHING) if subject.task else _handable(by, subject)
    if reason:
        raise Refused(reason, code="not_allowed")
    theirs = [task for task in found if task.assignee_id == to.pk]
    if len(theirs) == len(found):
        raise Refused(say("已经由{name}办理。", name=to.name), code="already")
    for task in found:
        if task not in theirs:
            tasks.assign(task_id=task.pk, to=to, by=by, at=at)


def _remind(subject: Subject, given: Given, by: Actor, at: dt.datetime) -> None:
    reminding.remind_departments(case_id=subject.case.pk, note=given.get("note", ""), by=by, at=at)


def _company(subject: Subject, given: Given, by: Actor, at: dt.datetime) -> None:
    reminding.remind_company(case_id=subject.case.pk, by=by, at=at)


def _claim(subject: Subject, given: Given, by: Actor, at: dt.datetime) -> None:
    tasks.claim(task_id=_task(subject).pk, by=by, at=at)


def _task(subject: Subject) -> Task:
    if subject.task is None:
        raise TypeError("a deed at tasks needs one")
    return subject.task


WAYS: dict[str, Way] = {
    "helper": Way(_helper, _why_not_helper),
    "hand": Way(_hand, _why_not_hand, needs=("tasks",)),
    "remind": Way(_remind, _why_not_remind, needs=("tasks", "reminders")),
    "remind-company": Way(_company, _why_not_company, needs=("supplements", "commitments", "reminders")),
    "claim": Way(_claim, _why_not_claim, at_tasks=True),
    "hand-task": Way(_hand, _why_not_hand, at_tasks=True),
}


def subjects(actor: Actor, deed: str, ids: Sequence[int], *, today: dt.date) -> list[Subject]:
    """What ``actor`` may see of these, in the order given: a fixed number of queries."""
    way = WAYS[deed]
    if way.at_tasks:
        found = {task.pk: task for task in _tasks_of(actor, ids)}
        chosen = [found[pk] for pk in ids if pk in found]
        pairs: list[tuple[Case, Task | None]] = [(task.case, task) for task in chosen]
    else:
        cases = queries.visible(actor).exclude(submitted_at=None).filter(pk__in=ids)
        known = {case.pk: case for case in _with(cases, way, today)}
        pairs = [(known[pk], None) for pk in ids if pk in known]
    places = chains()
    return [Subject(case, task, _standing(case, places)) for case, task in pairs]


def _tasks_of(actor: Actor, ids: Sequence[int]) -> list[Task]:
    board = queries.board(actor).filter(pk__in=ids)
    return list(
        board.select_related(
            "case__enterprise", "case__window", "case__item_version", "department", "assignee"
        ).prefetch_related("case__participants")
    )


def _with(cases: Any, way: Way, today: dt.date) -> list[Case]:
    live = Task.objects.filter(state__in=LIVE_TASK_STATES).select_related("department", "assignee")
    told = Reminder.objects.filter(working_day=today)
    ready = {"tasks": Prefetch("tasks", live), "reminders": Prefetch("reminders", told)}
    wanted = [ready.get(name, name) for name in ("participants", *way.needs)]
    return list(cases.select_related("enterprise", "window", "item_version").prefetch_related(*wanted))


def _standing(case: Case, places: Mapping[int, Sequence[int]]) -> Standing:
    """Enough for these deeds, none of which asks for the leading department or for objections."""
    above = frozenset(places[case.window.jurisdiction_id]) if case.window else frozenset()
    helpers = frozenset(row.user_id for row in case.participants.all())
    return Standing(lead_id=None, jurisdictions=above, participants=helpers, disputed=False)


@transaction.atomic
def order(
    *, key: uuid.UUID, deed: str, ids: Sequence[int], given: Given, by: Actor, at: dt.datetime
) -> Batch:
    """Keep what is to be done before doing any of it; the same key again is the same order."""
    if deed not in WAYS:
        raise Refused(say("没有这种批量办理。"), code="unknown_deed")
    if not ids or len(set(ids)) > MOST:
        raise Refused(say("请选择1到{most}件。", most=MOST), code="how_many")
    user = person(by)
    chosen = {"user_id": user, "deed": deed, "ids": list(dict.fromkeys(ids)), "given": dict(given)}
    batch, made = Batch.objects.get_or_create(key=key, defaults={**chosen, "ordered_at": at})
    if batch.user_id != user:
        raise Refused(say("这是别人的批量办理。"), code="not_yours")
    if made:
        body = {"batch": str(key), "deed": deed, "count": len(batch.ids)}
        record(f"user:{user}", "batch.ordered", by=by.ref, at=at, body=body)
    return batch


def run(batch: Batch, *, by: Actor, at: dt.datetime) -> None:
    """Do what of the order is not done yet. Safe to run twice at once, and again."""
    written = set(batch.lines.values_list("task_id" if WAYS[batch.deed].at_tasks else "case_id", flat=True))
    rest = [pk for pk in batch.ids if pk not in written]
    for subject in subjects(by, batch.deed, rest, today=day_of(at)):
        _one(batch, subject, by=by, at=at)


@transaction.atomic
def _one(batch: Batch, subject: Subject, *, by: Actor, at: dt.datetime) -> None:
    """One deed and its line together. A competing run waits at the unique line and finds it written."""
    line = BatchLine(batch=batch, case=subject.case, task=subject.task)
    BatchLine.objects.bulk_create([line], ignore_conflicts=True)
    kept = BatchLine.objects.select_for_update().get(batch=batch, case=subject.case, task=subject.task)
    if kept.done is not None:
        return
    try:
        with transaction.atomic():
            WAYS[batch.deed].run(subject, batch.given, by, at)
    except Refused as refused:
        kept.done, kept.reason = False, str(refused)
    else:
        kept.done = True
    kept.save(update_fields=["done", "reason"])
