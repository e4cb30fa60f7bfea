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
from qitong.policies.models import Unsuitable
from qitong.policies.permissions import demand_member
from qitong.policies.settling import settle

MAX_NOTE = 300


@transaction.atomic
def declare(
    *, enterprise_id: int, thing: Thing, code: str, reason: str, note: str = "", by: Actor, at: dt.datetime
) -> Unsuitable:
    """Do not propose this again; the company can begin it at any time. Said twice, the first stands; a
    package's line of it is answered.

    Refused: ``forbidden``; ``not_found``; an unknown ``reason``; a ``note`` that is too long, or that is
    missing where the reason is "another".
    """
    demand_member(by, enterprise_id)
    _demand_known(thing, code, day_of(at))
    note = _why(reason, note)
    if found := _declared(enterprise_id, thing, code):
        return found
    made = Unsuitable.objects.create(
        enterprise_id=enterprise_id,
        thing=thing.value,
        code=code,
        reason=reason,
        note=note,
        declared_by_id=person(by),
        declared_at=at,
    )
    _note(made, "unsuitable", by=by, at=at, note=note, reason=reason)
    settle(enterprise_id, thing, code, Answer.UNSUITABLE, by=by, at=at)
    return made


@transaction.atomic
def take_back(*, enterprise_id: int, thing: Thing, code: str, by: Actor, at: dt.datetime) -> None:
    """Propose it again; nothing happens when it was not declared unsuitable."""
    demand_member(by, enterprise_id)
    if found := _declared(enterprise_id, thing, code):
        found.taken_back_by_id, found.taken_back_at = person(by), at
        found.save(update_fields=["taken_back_by", "taken_back_at"])
        _note(found, "suitable_again", by=by, at=at)


def _demand_known(thing: Thing, code: str, on: dt.date) -> None:
    if thing is Thing.ITEM and catalogue.item(code, on) is None:
        raise Refused(say("没有这个事项。"), code="not_found", field="item")
    if thing is Thing.POLICY and code not in editions.on_day(on).library.entries:
        raise Refused(say("没有代码为{id}的政策。", id=code), code="not_found", field="policy")


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


def _declared(enterprise_id: int, thing: Thing, code: str) -> Unsuitable | None:
    """What stands of it, the company locked until the transaction ends."""
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    rows = Unsuitable.objects.filter(enterprise_id=enterprise_id, thing=thing, code=code, taken_back_at=None)
    return rows.first()


def _note(row: Unsuitable, what: str, *, by: Actor, at: dt.datetime, note: str = "", **body: str) -> None:
    """``policy.unsuitable`` and ``item.unsuitable``, and the same again suitable: the code by its thing."""
    text = {"note": note} if note else None
    named = {row.thing: row.code, **body}
    stream = f"enterprise:{row.enterprise_id}"
    record(stream, f"{row.thing}.{what}", by=by.ref, at=at, body=named, personal=text)
