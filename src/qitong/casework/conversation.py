"""Notes (留言): the company and its officers write to each other about a case, and see what was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.casework import delivery, permissions
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import Deed, Party
from qitong.casework.logic.terms import Side
from qitong.casework.models import Case, Note, NoteRead
from qitong.casework.move import locked, person
from qitong.datashare import documents
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.record import record

LONGEST = 2000
MOST_FILES = 5
_WRITERS = {Party.COMPANY: Side.COMPANY, Party.OWNER: Side.OFFICE, Party.HELPER: Side.OFFICE}


def side_of(actor: Actor, case: Case, at: permissions.Standing | None = None) -> Side | None:
    """For which side ``actor`` writes; None for those who may read along but not write."""
    held = permissions.parties(actor, case, at or permissions.standing_for(actor, case))
    return next((side for party, side in _WRITERS.items() if party in held), None)


def why_not(actor: Actor, case: Case, *, on: dt.date, at: permissions.Standing | None = None) -> Sentence:
    """Why ``actor`` may not write a note: wrong state, not a party to it, or the case is long over."""
    return permissions.why_not(actor, Deed.NOTE, case, at) or why_late(delivery.last_days(case), on=on)


def why_late(last_days: delivery.LastDays | None, *, on: dt.date) -> Sentence:
    """Of :func:`why_not`, what depends on the day: notes end with the days in which one may reopen."""
    if last_days is None or on <= last_days.reopen_until:
        return NOTHING
    until = last_days.reopen_until
    return say("要求重新办理的期限{until}已过，不能再留言。可以提交新的诉求。", until=until)


@transaction.atomic
def write(
    *,
    case_id: int,
    text: str,
    files: Sequence[tuple[str, BinaryIO]] = (),
    client_key: str = "",
    by: Actor,
    at: dt.datetime,
) -> Note:
    """Write to the other side. The same ``client_key`` again returns the note already written.

    Whoever answers has read what was written before: earlier notes of the other side are marked.
    """
    case = locked(case_id)
    if client_key and (found := _already(case, client_key, by)):
        return found
    if reason := why_not(by, case, on=day_of(at)):
        raise Refused(reason, code="not_allowed")
    text = require(text, field="text", what=say("留言内容"))
    if len(text) > LONGEST:
        raise Refused(say("留言最多{n}字，请分几次写。", n=LONGEST), code="too_long", field="text")
    if len(files) > MOST_FILES:
        raise Refused(say("一次最多附{n}份文件。", n=MOST_FILES), code="too_many_files", field="documents")
    mark_read(case_id=case.pk, by=by, at=at)
    return _kept(case, text, files, client_key, by=by, at=at)


def _already(case: Case, client_key: str, by: Actor) -> Note | None:
    return case.notes.filter(client_key=client_key, author_id=person(by)).first()


def _kept(
    case: Case,
    text: str,
    files: Sequence[tuple[str, BinaryIO]],
    client_key: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> Note:
    side = side_of(by, case) or Side.OFFICE
    papers = [
        documents.store(file, name=name, enterprise_id=case.enterprise_id, by=by, at=at)
        for name, file in files
    ]
    body = {"side": side, "author": f"user:{person(by)}", "files": [paper.sha256 for paper in papers]}
    entry = record(case.stream, "case.note", by=by.ref, at=at, body=body, personal={"words": text})
    note = Note.objects.create(
        case=case,
        side=side,
        author_id=person(by),
        words_id=entry.body["words"]["text"],
        written_at=at,
        client_key=client_key or None,
    )
    note.documents.set(papers)
    return note


@transaction.atomic
def mark_read(*, case_id: int, upto: int | None = None, by: Actor, at: dt.datetime) -> int:
    """Note that ``by`` has read the other side's notes, up to the one with primary key ``upto``.

    Returns how many were new to them. Who only reads along leaves no mark; reading again neither.
    """
    case = Case.objects.select_related("item_version", "window").filter(pk=case_id).first()
    side = side_of(by, case) if case is not None and by.user_id is not None else None
    if case is None or side is None:
        return 0
    new = case.notes.filter(side=side.other).exclude(reads__reader_id=person(by))
    if upto is not None:
        new = new.filter(pk__lte=upto)
    ids = list(new.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    Note.objects.filter(pk__in=ids, read_at=None).update(read_at=at)
    marks = [NoteRead(note_id=pk, reader_id=person(by), at=at) for pk in ids]
    NoteRead.objects.bulk_create(marks, ignore_conflicts=True)
    record(case.stream, "case.notes_read", by=by.ref, at=at, body={"side": side, "notes": ids})
    return len(ids)
