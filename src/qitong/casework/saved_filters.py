"""Filters an officer keeps under a name: their own, and nobody else's business."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from qitong.accounts.actors import Actor
from qitong.casework.logic.filters import Filter
from qitong.casework.models import SavedFilter
from qitong.casework.models.desk import LONGEST_NAME
from qitong.casework.move import person
from qitong.kernel.errors import Refused
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.ledger.record import record

MOST = 20


def own(actor: Actor) -> list[SavedFilter]:
    """The actor's filters, in the order they were saved."""
    return list(SavedFilter.objects.filter(user_id=actor.user_id or 0).order_by("pk"))


@transaction.atomic
def save(*, name: str, query: str, default: bool = False, by: Actor, at: dt.datetime) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces what it stood for."""
    name = _name(name)
    user = person(by)
    row = SavedFilter.objects.select_for_update().filter(user_id=user, name__iexact=name).first()
    if row is None and SavedFilter.objects.filter(user_id=user).count() >= MOST:
        raise Refused(say("最多保存{most}个筛选，请先删除不用的。", most=MOST), code="too_many", field="name")
    row = row or SavedFilter(user_id=user, name=name, created_at=at)
    row.query = Filter.parse(query).query()
    if default:
        SavedFilter.objects.filter(user_id=user, is_default=True).update(is_default=False)
        row.is_default = True
    _write(row)
    _record(row, "saved", by=by, at=at, body={"query": row.query, "default": row.is_default})
    return row


@transaction.atomic
def rename(*, pk: int, name: str, by: Actor, at: dt.datetime) -> SavedFilter:
    row = _own(pk, by)
    row.name = _name(name)
    _write(row)
    _record(row, "renamed", by=by, at=at)
    return row


@transaction.atomic
def make_default(*, pk: int, on: bool = True, by: Actor, at: dt.datetime) -> SavedFilter:
    """Open the inbox with this filter, or (``on`` false) no longer."""
    row = _own(pk, by)
    if row.is_default == on:
        return row
    SavedFilter.objects.filter(user_id=row.user_id, is_default=True).update(is_default=False)
    row.is_default = on
    row.save(update_fields=["is_default"])
    _record(row, "default", by=by, at=at, body={"default": on})
    return row


@transaction.atomic
def delete(*, pk: int, by: Actor, at: dt.datetime) -> None:
    row = _own(pk, by)
    _record(row, "deleted", by=by, at=at)
    row.delete()


def _own(pk: int, by: Actor) -> SavedFilter:
    row = SavedFilter.objects.select_for_update().filter(pk=pk, user_id=person(by)).first()
    if row is None:
        raise Refused(say("没有这个筛选，可能已经删除。"), code="not_found")
    return row


def _name(name: str) -> str:
    return require_line(name, field="name", what=say("名称"), most=LONGEST_NAME)


def _write(row: SavedFilter) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            say("已经有叫“{name}”的筛选，请换一个名称。", name=row.name), code="name_taken", field="name"
        ) from error


def _record(
    row: SavedFilter, what: str, *, by: Actor, at: dt.datetime, body: dict[str, object] | None = None
) -> None:
    """A name may hold a person's: it goes where it can be erased."""
    facts = {"filter": row.pk, **(body or {})}
    record(f"user:{row.user_id}", f"filter.{what}", by=by.ref, at=at, body=facts, personal={"name": row.name})
