"""Reads of the notes of a case, for whoever sees the case, and of those that nobody has read yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from qitong.casework.logic.terms import Side
from qitong.casework.models import Case, Note, NoteRead
from qitong.casework.sight import Probe
from qitong.sql.frozen import Frozen


@dataclass(frozen=True, slots=True)
class Seen:
    """Who of the other side has read it, and when."""

    reader_id: int
    name: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment."""

    public_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """One note as it is shown; ``words`` is None once they were erased."""

    note: Note
    words: str | None
    seen: tuple[Seen, ...]
    papers: tuple[Paper, ...]

    def is_new_to(self, reader_id: int | None) -> bool:
        return all(one.reader_id != reader_id for one in self.seen)


def of(case: Case) -> QuerySet[Note]:
    """The notes of a case with all that is shown of them: one query."""
    return _of(case.pk)


def _of(case: int) -> QuerySet[Note]:
    reads = NoteRead.objects.filter(note=OuterRef("pk")).order_by("at", "pk")
    papers = Note.documents.through.objects.filter(note_id=OuterRef("pk")).order_by("pk")
    return (
        Note.objects.filter(case_id=case)
        .select_related("author", "words")
        .annotate(
            seen=ArraySubquery(
                reads.values(json=JSONObject(reader_id="reader_id", name="reader__name", at="at"))
            ),
            papers=ArraySubquery(
                papers.values(
                    json=JSONObject(
                        public_id="document__public_id", name="document__name", size="document__size"
                    )
                )
            ),
        )
    )


_LATEST: Frozen[Note] = Frozen(lambda limit, case: _of(case).order_by("-pk")[:limit])


def latest(case: Case, *, limit: int) -> list[Said]:
    """The newest notes, oldest of them first."""
    return [said(note) for note in reversed(_LATEST(limit, case=case.pk))]


def said(note: Note) -> Said:
    """A note read through :func:`of`."""
    read = vars(note)
    return Said(
        note=note,
        words=note.words.text if note.words else None,
        seen=tuple(
            Seen(one["reader_id"], one["name"], dt.datetime.fromisoformat(one["at"])) for one in read["seen"]
        ),
        papers=tuple(Paper(**one) for one in read["papers"]),
    )


def unread_for(side: Side) -> Exists:
    """For querysets of cases: those with a note to ``side`` that nobody there has read yet."""
    return Exists(_unread(side))


def has_unread(side: Side) -> Probe:
    """The same to be shown with a few rows: asked of each, without reading all that is unread first."""
    return Probe(_unread(side))


def _unread(side: Side) -> QuerySet[Note]:
    return Note.objects.filter(case=OuterRef("pk"), side=side.other, read_at=None)


def unread_counts(case_ids: Iterable[int], side: Side) -> dict[int, int]:
    """How many notes to ``side`` nobody there has read, by case; one query, none without cases."""
    ids = set(case_ids)
    if not ids:
        return {}
    waiting = Note.objects.filter(case_id__in=ids, side=side.other, read_at=None)
    return dict(waiting.values_list("case_id").annotate(n=Count("pk")).values_list("case_id", F("n")))
