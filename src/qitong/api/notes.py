"""What the company and its officers wrote to each other about a case. Writing is the deed ``note``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from qitong.api import paging
from qitong.api.auth import acting, now
from qitong.api.scope import CaseRef, case_of
from qitong.casework import notes, personal
from qitong.casework.logic.terms import Side
from qitong.kernel.masking import Veil

router = Router(tags=["cases"])


class ReadOut(BaseModel):
    """Who of the other side has read it, and when."""

    name: str
    at: dt.datetime


class NoteOut(BaseModel):
    """``text`` is null once the words were erased."""

    id: int
    side: Side
    author: str
    written_at: dt.datetime
    text: str | None
    files: list[str]
    read_by: list[ReadOut]


class NotesOut(BaseModel):
    notes: list[NoteOut]
    next_before: int | None = Field(description="`before` of the next page; null on the last")


@router.get("/cases/{ref}/notes", response=NotesOut, summary="The notes of a case, newest first")
def read_notes(
    request: HttpRequest,
    ref: CaseRef,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: paging.LimitParam = 50,
) -> NotesOut:
    case = case_of(acting(request), ref)
    veil, rows = personal.veil_of(acting(request), case, at=now()), notes.of(case).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = [_out(notes.said(note), veil) for note in rows[: limit + 1]]
    page = found[:limit]
    return NotesOut(notes=page, next_before=page[-1].id if len(found) > limit else None)


def _out(row: notes.Said, veil: Veil) -> NoteOut:
    return NoteOut(
        id=row.note.pk,
        side=Side(row.note.side),
        author=veil.text(row.note.author.name),
        written_at=row.note.written_at,
        text=None if row.words is None else veil.text(row.words),
        files=[paper.name for paper in row.papers],
        read_by=[ReadOut(name=veil.text(one.name), at=one.at) for one in row.seen],
    )
