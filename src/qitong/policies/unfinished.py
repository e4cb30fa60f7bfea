"""Sheets of policies that are put by before they are whole, to go on with on any device."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework.move import person
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.policies.drafting import refuse_known
from qitong.policies.editing import PolicyDeed, demand
from qitong.policies.models import PolicyVersion, Unfinished
from qitong.policies.publish import STREAM

LONGEST = 400_000
"""Characters of what is kept, as JSON; the longest packaged policy has a fifth of that."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@transaction.atomic
def begin(*, code: str, typed: Mapping[str, Any], by: Actor, at: dt.datetime) -> Unfinished:
    """A sheet for a policy that there is not yet; Refused at ``code`` when there is one of that code."""
    demand(by, PolicyDeed.BEGIN)
    if not _CODE.fullmatch(code):
        sentence = say("代码以小写英文字母开头，只含小写字母、数字和下划线，最多60个字符。")
        raise Refused(sentence, code="code", field="code")
    try:
        refuse_known(code)
    except Refused as refused:
        raise Refused(refused.sentence, code=refused.code, field="code") from None
    if PolicyVersion.objects.filter(code=code).exists() or of(code, by, fresh=True) is not None:
        raise Refused(say("已有代码为{id}的草稿。", id=code), code="exists", field="code")
    return keep(code=code, fresh=True, typed=typed, by=by, at=at)


@transaction.atomic
def keep(*, code: str, fresh: bool, typed: Mapping[str, Any], by: Actor, at: dt.datetime) -> Unfinished:
    """Put by what was typed, judged by nobody; what the author put by there before is replaced.

    Refused: ``forbidden`` (of a draft, who is not its author), ``too_long``, ``not_found``.
    """
    if fresh:
        demand(by, PolicyDeed.BEGIN)
    else:
        draft = PolicyVersion.objects.filter(code=code, stage="draft").first()
        if draft is None:
            raise Refused(say("这份草稿已经发布或作废。"), code="not_found")
        demand(by, PolicyDeed.WRITE, draft.author_id)
    if len(json.dumps(typed, ensure_ascii=False)) > LONGEST:
        raise Refused(say("文字过长，最多{n}字。", n=LONGEST), code="too_long")
    row, _ = Unfinished.objects.update_or_create(
        author_id=person(by), code=code, fresh=fresh, defaults={"typed": dict(typed), "kept_at": at}
    )
    record(STREAM, "policy.sheet_put_by", by=by.ref, at=at, body={"policy": code, "new": fresh})
    return row


@transaction.atomic
def drop(*, code: str, fresh: bool, by: Actor, at: dt.datetime) -> None:
    """What the author put by goes: it was saved, or they begin anew. Nothing happens where there is none."""
    found = of(code, by, fresh=fresh)
    if found is not None:
        found.delete()
        record(STREAM, "policy.sheet_dropped", by=by.ref, at=at, body={"policy": code, "new": fresh})


def of(code: str, by: Actor, *, fresh: bool) -> Unfinished | None:
    """What this author put by there."""
    return Unfinished.objects.filter(author_id=by.user_id, code=code, fresh=fresh).first()


def begun(by: Actor) -> list[Unfinished]:
    """New policies that this author has begun and not saved, the last first."""
    return list(Unfinished.objects.filter(author_id=by.user_id, fresh=True).order_by("-kept_at")[:50])
