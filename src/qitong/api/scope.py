"""From an address to a case or a task the token may see; anything else does not exist for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.db.models import Exists, OuterRef
from ninja import Path

from qitong.accounts.actors import Actor
from qitong.casework import permissions, queries
from qitong.casework.logic.flow import Deed, case_row, task_row
from qitong.casework.models import Case, Task
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

T = TypeVar("T")

CaseRef = Annotated[str, Path(pattern="^[A-Za-z0-9-]{1,20}$", description="The case's number or its id")]
TaskId = Annotated[int, Path(ge=1, le=2**63 - 1)]
MaterialKey = Annotated[str, Path(pattern="^[A-Za-z0-9_.-]{1,60}$")]


def seen(actor: Actor, ref: str) -> Case:
    """A visible case by number or id, for a deed: what hangs on it is read by whoever needs it."""
    found = queries.visible(actor).filter(**_lookup(ref)).first()
    if found is None:
        raise Refused(say("没有这个办件。"), code="not_found")
    return found


def _lookup(ref: str) -> dict[str, Any]:
    return {"pk": int(ref)} if ref.isdigit() else {"number": ref.upper()}


def case_of(actor: Actor, ref: str) -> Case:
    """A visible case by number or id, with what its page needs."""
    found = queries.find(actor, **_lookup(ref))
    if found is None:
        raise Refused(say("没有这个办件。"), code="not_found")
    return found


def task_of(actor: Actor, task_id: int) -> Task:
    """A task of a visible case; its ``case`` is read as a page needs it."""
    seen = Exists(queries.visible(actor).filter(pk=OuterRef("case_id")))
    tasks = Task.objects.select_related("department", "assignee", "supplement")
    task = tasks.filter(seen, pk=task_id).first()
    case = queries.find(actor, pk=task.case_id) if task is not None else None
    if task is None or case is None:
        raise Refused(say("没有这项任务。"), code="not_found")
    task.case = case
    return task


def attempt(actor: Actor, deed: Deed, thing: Case | Task, act: Callable[[], T]) -> T:
    """Do it; a refusal says first whether the state or the role forbids it, and only then what is missing."""
    try:
        return act()
    except Refused:
        if reason := permissions.why_not(actor, deed, thing):
            row = task_row(deed) if isinstance(thing, Task) else case_row(deed)
            code = "not_allowed" if thing.state in row.sources else "wrong_state"
            raise Refused(reason, code=code) from None
        raise
