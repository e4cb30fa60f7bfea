"""不再提示: a company says that a policy or an item is not for it, and may take that back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.casework.move import person
from qitong.catalogue import queries as catalogue
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.policies import editions
from qitong.policies.logic.package import Answer, Thing
from qitong.policies.logic.terms import Reason
from qitong.policies.models import Unsuitable, UnsuitableItem
from qitong.policies.permissions import demand_member
from qitong.policies.settling import settle

MAX_NOTE = 300


@transaction.atomic
def declare(
    *, enterprise_id: int, policy: str, reason: str, note: str = "", by: Actor, at: dt.datetime
) -> Unsuitable:
    """Do not propose this policy again. Said twice, the first stands; a package's line of it is answered.

    Refused: ``forbidden``; ``not_found``; an unknown ``reason``; a ``note`` that is too long, or that is
    missing where the reason is "another".
    """
    demand_member(by, enterprise_id)
    if policy not in editions.on_day(day_of(at)).library.entries:
        raise Refused(say("没有代码为{id}的政策。", id=policy), code="not_found", field="policy")
    note = _why(reason, note)
    _lock(enterprise_id)
    if found := _declared(enterprise_id, policy):
        return found
    made = Unsuitable.objects.create(
        enterprise_id=enterprise_id,
        policy=policy,
        reason=reason,
        note=note,
        declared_by_id=person(by),
        declared_at=at,
    )
    _note(enterprise_id, "policy.unsuitable", by=by, at=at, note=note, reason=reason, policy=policy)
    settle(enterprise_id, Thing.POLICY, policy, Answer.UNSUITABLE, by=by, at=at)
    return made


@transaction.atomic
def declare_item(
    *, enterprise_id: int, item: str, reason: str, note: str = "", by: Actor, at: dt.datetime
) -> UnsuitableItem:
    """The same of an item: it is not proposed again, and can be begun by the company at any time."""
    demand_member(by, enterprise_id)
    if catalogue.item(item, day_of(at)) is None:
        raise Refused(say("没有这个事项。"), code="not_found", field="item")
    note = _why(reason, note)
    _lock(enterprise_id)
    if found := _declared_item(enterprise_id, item):
        return found
    made = UnsuitableItem.objects.create(
        enterprise_id=enterprise_id,
        item=item,
        reason=reason,
        note=note,
        declared_by_id=person(by),
        declared_at=at,
    )
    _note(enterprise_id, "item.unsuitable", by=by, at=at, note=note, reason=reason, item=item)
    settle(enterprise_id, Thing.ITEM, item, Answer.UNSUITABLE, by=by, at=at)
    return made


@transaction.atomic
def take_back(*, enterprise_id: int, policy: str, by: Actor, at: dt.datetime) -> None:
    """Propose the policy again; nothing happens when it was not declared unsuitable."""
    demand_member(by, enterprise_id)
    _lock(enterprise_id)
    if found := _declared(enterprise_id, policy):
        _taken_back(found, by, at)
        _note(enterprise_id, "policy.suitable_again", by=by, at=at, policy=policy)


@transaction.atomic
def take_back_item(*, enterprise_id: int, item: str, by: Actor, at: dt.datetime) -> None:
    """Propose the item again; nothing happens when it was not declared unsuitable."""
    demand_member(by, enterprise_id)
    _lock(enterprise_id)
    if found := _declared_item(enterprise_id, item):
        _taken_back(found, by, at)
        _note(enterprise_id, "item.suitable_again", by=by, at=at, item=item)


def _why(reason: str, note: str) -> str:
    """The note without blanks around it; refused where reason or note cannot stand."""
    if reason not in {r.value for r in Reason}:
        raise Refused(say("请选择一个原因。"), code="missing", field="reason")
    note = note.strip()
    if reason == Reason.OTHER and not note:
        raise Refused(say("请写明是什么原因。"), code="missing", field="note")
    if len(note) > MAX_NOTE:
        raise Refused(say("内容太长，请控制在{n}字以内。", n=MAX_NOTE), code="too_long", field="note")
    return note


def _lock(enterprise_id: int) -> None:
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)


def _declared(enterprise_id: int, policy: str) -> Unsuitable | None:
    rows = Unsuitable.objects.filter(enterprise_id=enterprise_id, policy=policy, taken_back_at=None)
    return rows.first()


def _declared_item(enterprise_id: int, item: str) -> UnsuitableItem | None:
    rows = UnsuitableItem.objects.filter(enterprise_id=enterprise_id, item=item, taken_back_at=None)
    return rows.first()


def _taken_back(row: Unsuitable | UnsuitableItem, by: Actor, at: dt.datetime) -> None:
    row.taken_back_by_id, row.taken_back_at = person(by), at
    row.save(update_fields=["taken_back_by", "taken_back_at"])


def _note(enterprise_id: int, kind: str, *, by: Actor, at: dt.datetime, note: str = "", **body: str) -> None:
    text = {"note": note} if note else None
    record(f"enterprise:{enterprise_id}", kind, by=by.ref, at=at, body=body, personal=text)
