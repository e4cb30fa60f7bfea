"""What can be done to a task: one row, one address ``POST /tasks/{id}/deeds/{deed}``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from qitong.api.auth import acting, now
from qitong.api.deeds import Call, DeedRow, department_of, officer_of
from qitong.api.scope import TaskId, attempt, task_of
from qitong.api.shapes import In, Key, Line, Note, Text, Why
from qitong.api.task_shapes import TaskOut
from qitong.api.tasks import full
from qitong.casework import supplements, tasks
from qitong.casework.logic.flow import Deed
from qitong.casework.logic.terms import TaskOutcome
from qitong.kernel.workdays import PauseReason

router = Router(tags=["tasks"])


class Opinion(In):
    outcome: TaskOutcome
    opinion: Text = Field(default="", description="Required for an objection and for a request's task")


class Reroute(In):
    to: Key = Field(description="Code of the department")
    note: Text = ""


class HandTo(In):
    to: Line = Field(description="Login of a colleague in the same department")


class WaiveGrounds(In):
    grounds: Text


class Question(In):
    question: Text


class PauseFor(In):
    reason: PauseReason = Field(description="A reason of licensing law art. 45 that the item allows")
    note: Text = ""


def _finish(call: Call) -> object:
    body: Opinion = call.body
    return tasks.finish(task_id=call.id, outcome=body.outcome, opinion=body.opinion, **call.who)


def _reroute(call: Call) -> object:
    to = department_of(call.body.to, field="to")
    return tasks.reroute(task_id=call.id, to=to, note=call.body.note, **call.who)


def _assign(call: Call) -> object:
    to = officer_of(call.body.to, call.who["at"], field="to")
    return tasks.assign(task_id=call.id, to=to, **call.who)


def _pause(call: Call) -> object:
    body: PauseFor = call.body
    return supplements.pause(task_id=call.id, reason=body.reason, note=body.note, **call.who)


def _ask(call: Call) -> object:
    return supplements.ask(task_id=call.id, question=call.body.question, **call.who)


_D = Deed
TASK_DEEDS: tuple[DeedRow, ...] = (
    DeedRow("claim", _D.CLAIM, None, lambda c: tasks.claim(task_id=c.id, **c.who), "Take a task"),
    DeedRow("release", _D.RELEASE, None, lambda c: tasks.release(task_id=c.id, **c.who), "Put a task back"),
    DeedRow("assign", _D.ASSIGN, HandTo, _assign, "Hand a task to a colleague"),
    DeedRow("finish", _D.FINISH, Opinion, _finish, "Give the department's opinion"),
    DeedRow(
        "return",
        _D.RETURN,
        Why,
        lambda c: tasks.return_task(task_id=c.id, reason=c.body.reason, **c.who),
        "Say that a task is not one's own",
    ),
    DeedRow("reroute", _D.REROUTE, Reroute, _reroute, "Give a returned task to another department"),
    DeedRow(
        "waive",
        _D.WAIVE,
        WaiveGrounds,
        lambda c: tasks.waive(task_id=c.id, grounds=c.body.grounds, **c.who),
        "Decide not to wait for a silent department",
    ),
    DeedRow("ask_supplement", _D.ASK_SUPPLEMENT, Question, _ask, "Ask the company for more, once"),
    DeedRow("pause", _D.PAUSE, PauseFor, _pause, "Stop the clocks for a legal reason"),
    DeedRow(
        "resume",
        _D.RESUME,
        None,
        lambda c: supplements.resume(task_id=c.id, **c.who),
        "Let the clocks run on",
    ),
    DeedRow(
        "remind",
        _D.REMIND,
        Note,
        lambda c: tasks.remind(task_id=c.id, note=c.body.note, **c.who),
        "Press a department, once a working day",
    ),
)


def _perform(request: HttpRequest, task_id: int, row: DeedRow, body: In | None) -> TaskOut:
    actor, at = acting(request), now()
    task = task_of(actor, task_id)
    call = Call(task.pk, body, {"by": actor, "at": at})
    attempt(actor, row.deed, task, lambda: row.act(call))
    return full(task_of(actor, task_id), actor, at=at)


def _address(row: DeedRow) -> None:
    """Give a row its address, with a body of the row's own model."""

    def bare(request: HttpRequest, task_id: TaskId) -> TaskOut:
        return _perform(request, task_id, row, None)

    def told(request: HttpRequest, task_id: TaskId, body: In) -> TaskOut:
        return _perform(request, task_id, row, body)

    view: Callable[..., TaskOut] = bare
    if row.body is not None:
        told.__annotations__["body"] = row.body
        view = told
    name = f"task_{row.name}"
    view.__name__ = name
    router.post(
        f"/tasks/{{task_id}}/deeds/{row.name}", response=TaskOut, summary=row.summary, operation_id=name
    )(view)


for _row in TASK_DEEDS:
    _address(_row)
