"""Erase personal texts. The ledger stays as it was: it only ever held their salted digests."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.models import Text
from qitong.ledger.record import NewEntry, record_many

ERASED = "ledger.texts_erased"


def erase(what: str | Iterable[uuid.UUID], *, by: str, at: dt.datetime, reason: str) -> int:
    """Delete texts and their salts, by id or all of a stream; return how many were deleted.

    Without the salt a digest can no longer be matched against guesses. Each stream concerned gets an
    entry ``ledger.texts_erased`` with ``{"texts": [ids], "reason": …}``. Refused without a reason
    (``missing``) and when there is nothing (left) to erase (``nothing_to_erase``).
    """
    reason = require(reason, field="reason", what=say("删除理由"))
    chosen = (
        Text.objects.filter(entry__stream=what) if isinstance(what, str) else Text.objects.filter(id__in=what)
    )
    with transaction.atomic():
        erased: dict[str, list[uuid.UUID]] = defaultdict(list)
        locked = chosen.order_by("id").select_for_update(of=("self",))
        for text_id, stream in locked.values_list("id", "entry__stream"):
            erased[stream].append(text_id)
        if not erased:
            raise Refused(say("没有可以删除的个人信息。"), code="nothing_to_erase")
        record_many(
            NewEntry(stream=stream, kind=ERASED, by=by, at=at, body={"texts": ids, "reason": reason})
            for stream, ids in sorted(erased.items())
        )
        Text.objects.filter(id__in=[text_id for ids in erased.values() for text_id in ids]).delete()
    return sum(map(len, erased.values()))
