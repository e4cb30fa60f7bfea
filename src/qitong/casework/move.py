"""The one door through which a case is opened and a state changes: one row of the flow, one ledger entry.

Callers hold the lock of the case (:func:`locked`), which makes the moves of one case happen one
after another, whichever process they come from.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from qitong.accounts.actors import Actor
from qitong.casework import permissions
from qitong.casework.logic.flow import Deed, case_row, task_row
from qitong.casework.models import Case, Task
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import NewEntry, record, record_first, record_many
from qitong.sql.frozen import Frozen

_WAS = "_row_as_read"


def person(by: Actor) -> int:
    """The user behind the actor, for deeds that must carry a person's name."""
    if by.user_id is None:
        raise Refused(say("这一步须由具体人员办理。"), code="no_person")
    return by.user_id


def locked(case_id: int) -> Case:
    """The case, locked until the transaction ends. Refuses a case that does not exist."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a case is locked until the transaction ends: begin one")
    found = _LOCKED.first(pk=case_id)
    if found is None:
        raise Refused(say("没有这个办件。"), code="not_found")
    return as_read(found)


_LOCKED: Frozen[Case] = Frozen(
    lambda pk: (
        Case.objects.select_for_update(of=("self",))
        .select_related("item_version", "window", "owner", "enterprise")
        .defer("item_version__data")  # large, and parsed once in a process
        .filter(pk=pk)
    )
)


def as_read(case: Case) -> Case:
    """Remember what the row holds, so that a move writes no more than it changes."""
    vars(case)[_WAS] = _row(case)
    return case


def _row(case: Case) -> dict[str, Any]:
    """The columns of a case by name; what was filled in as text, for it is changed in place or anew."""
    read = vars(case)
    names = (field.attname for field in Case._meta.concrete_fields)
    return {name: json.dumps(read[name]) if name == "form" else read[name] for name in names if name in read}


def _keep(case: Case) -> None:
    was = vars(case).get(_WAS)
    if was is None:
        case.save()
    else:
        now = _row(case)
        case.save(update_fields=[name for name, value in now.items() if was.get(name, _WAS) != value])
    as_read(case)


def locked_task(task_id: int) -> Task:
    """The task with its case locked, read after the lock was taken."""
    case_id = Task.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise Refused(say("没有这项任务。"), code="not_found")
    case = locked(case_id)
    task = Task.objects.select_related("department", "assignee").get(pk=task_id)
    task.case = case
    return task


def move_case(
    case: Case,
    deed: Deed,
    *,
    by: Actor,
    at: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    standing: permissions.Standing | None = None,
) -> Case:
    """Do ``deed`` to a locked case: permission, state, ``facts`` on the row, one entry.

    ``standing`` is that of the case, if it is at hand.
    """
    permissions.demand(by, deed, case, standing)
    row = case_row(deed)
    before = case.state
    for name, value in (facts or {}).items():
        setattr(case, name, value)
    if row.target is not None:
        case.state = row.target
    unkept = case.pk is None
    _keep(case)
    entry = NewEntry(
        stream=case.stream,
        kind=f"case.{deed}",
        by=by.ref,
        at=at,
        body={"from": before, "to": case.state, "round": case.round, **(body or {})},
        personal=personal,
    )
    if unkept:
        record_first([_opening(case, by=by, at=at), entry])
    else:
        record_many([entry])
    return case


def open_case(case: Case, *, by: Actor, at: dt.datetime) -> Case:
    """Keep a draft, with its first entry; one that is handed in as it is opened, its move keeps."""
    _keep(case)
    record_first([_opening(case, by=by, at=at)])
    return case


def _opening(case: Case, *, by: Actor, at: dt.datetime) -> NewEntry:
    item = case.item_version.code if case.item_version else None
    body = {"kind": case.kind, "item": item}
    return NewEntry(stream=case.stream, kind="case.draft", by=by.ref, at=at, body=body)


def move_task(
    task: Task,
    deed: Deed,
    *,
    by: Actor,
    at: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> Task:
    """Do ``deed`` to a task of a locked case."""
    permissions.demand(by, deed, task)
    row = task_row(deed)
    before = task.state
    for name, value in (facts or {}).items():
        setattr(task, name, value)
    if row.target is not None:
        task.state = row.target
    task.save()
    record(
        task.case.stream,
        f"task.{deed}",
        by=by.ref,
        at=at,
        body={**facts_of(task, before=before), **(body or {})},
        personal=personal,
    )
    return task


def facts_of(task: Task, *, before: str) -> dict[str, object]:
    """What every entry about a task says of it; ``before`` is its state before the deed."""
    return {
        "task": task.pk,
        "key": task.key,
        "name": {"zh": task.name_zh, "en": task.name_en},
        "department": {"zh": task.department.name_zh, "en": task.department.name_en},
        "from": before,
        "to": task.state,
        "round": task.round,
    }
