"""What happened to a case, from the ledger, in sentences."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from qitong.api import paging
from qitong.api.auth import acting, now
from qitong.api.scope import CaseRef, case_of
from qitong.casework import personal, queries

router = Router(tags=["cases"])


class LineOut(BaseModel):
    """``by`` is ``user:7``, ``token:3`` or ``system:sweep``; ``number`` counts the case's entries."""

    number: int
    at: dt.datetime
    by: str
    kind: str
    sentence: str
    detail: str


class TimelineOut(BaseModel):
    lines: list[LineOut]
    next_before: int | None = Field(description="`before` of the next page; null on the last")


@router.get("/cases/{ref}/timeline", response=TimelineOut, summary="What happened to a case, newest first")
def read_timeline(
    request: HttpRequest,
    ref: CaseRef,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: paging.LimitParam = 50,
) -> TimelineOut:
    case = case_of(acting(request), ref)
    veil = personal.veil_of(acting(request), case, at=now())
    found = queries.timeline(case, veil=veil, before=before, limit=limit + 1)
    lines = [
        LineOut(
            number=line.number,
            at=line.at,
            by=line.by,
            kind=line.kind,
            sentence=str(line.sentence),
            detail=line.detail,
        )
        for line in found[:limit]
    ]
    return TimelineOut(lines=lines, next_before=lines[-1].number if len(found) > limit else None)
