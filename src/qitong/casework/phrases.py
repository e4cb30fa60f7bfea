"""Phrases: sentences written often, one officer's own or a whole department's, with places to fill."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, override

from qitong.accounts.actors import Actor, Role
from qitong.casework.logic.starters import STARTERS, Use
from qitong.casework.models import Case, Phrase
from qitong.casework.models.desk import LONGEST_NAME
from qitong.casework.move import person
from qitong.kernel.errors import Refused, require
from qitong.kernel.lines import require_line
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.record import record

LONGEST = 1000
MOST = 50
PLACES = ("company", "number", "item", "due", "missing")
_PLACE = re.compile(r"\{([a-z]+)\}")
_CHINESE, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]")


def of(actor: Actor) -> QuerySet[Phrase]:
    """The actor's own phrases, then those of their departments."""
    own = Q(user_id=actor.user_id or 0) | Q(department_id__in=actor.departments())
    return Phrase.objects.filter(own).select_related("department").order_by("department_id", "name")


def why_not(actor: Actor, phrase: Phrase) -> Sentence:
    """Why ``actor`` may not change it: one's own are one's own, a department's are its head's."""
    if phrase.department_id is None:
        mine = phrase.user_id == actor.user_id
        return NOTHING if mine else say("这是别人的常用语。")
    if actor.has(Role.DEPARTMENT_HEAD, phrase.department_id):
        return NOTHING
    return say("部门的常用语由部门负责人修改。")


def filled(text: str, case: Case, missing: Iterable[object] = ()) -> str:
    """``text`` with its places filled from the case, in the language of the text; a place nobody knows
    stays as it is."""
    with override(_language(text)):
        return _filled(text, case, missing)


def _language(text: str) -> str:
    """The language a phrase is written in; the reader's where it has no words of its own."""
    words = _PLACE.sub("", text)
    if _CHINESE.search(words):
        return "zh-hans"
    return "en" if _LATIN.search(words) else get_language() or "zh-hans"


def _filled(text: str, case: Case, missing: Iterable[object]) -> str:
    known: dict[str, object] = {
        "company": case.enterprise.name,
        "number": case.number or "",
        "item": case.label,
        "due": case.promise_due_on or case.plan_due_on or "",
        "missing": tuple(missing) or say("材料"),
    }

    def place(found: re.Match[str]) -> str:
        name = found[1]
        return str(Sentence("{it}", {"it": known[name]})) if name in known else found[0]

    return _PLACE.sub(place, text)


@transaction.atomic
def save(
    *,
    name: str,
    text: str,
    uses: Sequence[str] = (),
    department_id: int | None = None,
    pk: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Phrase:
    """Write a phrase, or (with ``pk``) write it anew. Without a department it is the actor's own."""
    row = _found(pk, by) if pk is not None else Phrase(created_at=at)
    if pk is None:
        row.department_id = department_id
        row.user_id = None if department_id else person(by)
        if reason := why_not(by, row):
            raise Refused(reason, code="not_allowed", field="department")
        shelf = Q(department_id=department_id) if department_id else Q(department=None)
        if of(by).filter(shelf).count() >= MOST:
            raise Refused(say("最多{most}条，请先删除不用的。", most=MOST), code="too_many", field="name")
    row.name = require_line(name, field="name", what=say("名称"), most=LONGEST_NAME)
    row.text = require(text, field="text", what=say("内容"), most=LONGEST)
    row.uses = [use.value for use in Use if use in uses]
    row.changed_at = at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            say("已经有叫“{name}”的常用语，请换一个名称。", name=row.name), code="name_taken", field="name"
        ) from error
    _record(row, "saved", by=by, at=at)
    return row


@transaction.atomic
def delete(*, pk: int, by: Actor, at: dt.datetime) -> None:
    row = _found(pk, by)
    _record(row, "deleted", by=by, at=at)
    row.delete()


@transaction.atomic
def add_starters(*, department_id: int | None = None, by: Actor, at: dt.datetime) -> int:
    """Take over the sentences to begin with, in the language of the moment; how many were new."""
    owner = Q(department_id=department_id) if department_id else Q(user_id=person(by))
    known = set(Phrase.objects.filter(owner).values_list("name", flat=True))
    new = [starter for starter in STARTERS if str(starter.name) not in known]
    for starter in new:
        save(
            name=str(starter.name),
            text=str(starter.text),
            uses=starter.uses,
            department_id=department_id,
            by=by,
            at=at,
        )
    return len(new)


def _found(pk: int, by: Actor) -> Phrase:
    row = of(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Refused(say("没有这条常用语，可能已经删除。"), code="not_found")
    if reason := why_not(by, row):
        raise Refused(reason, code="not_allowed")
    return row


def _record(row: Phrase, what: str, *, by: Actor, at: dt.datetime) -> None:
    """What an officer wrote may name a person: it goes where it can be erased."""
    stream = f"department:{row.department_id}" if row.department_id else f"user:{row.user_id}"
    personal = {"name": row.name, "text": row.text}
    body = {"phrase": row.pk, "uses": row.uses}
    record(stream, f"phrase.{what}", by=by.ref, at=at, body=body, personal=personal)
