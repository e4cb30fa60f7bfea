"""Reads. Who may see a stream is decided above, by the package whose stream it is."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import JSONObject

from qitong.ledger.logic import chain
from qitong.ledger.models import CheckpointHead, Entry, Head, Text, area_of_kind
from qitong.sql.frozen import Frozen


class TextState(enum.StrEnum):
    KEPT = "kept"
    ERASED = "erased"
    ALTERED = "altered"  # the stored text is not the one that was digested


@dataclass(frozen=True, slots=True)
class ShownText:
    """A personal text of an entry; ``value`` is empty unless it is kept."""

    state: TextState
    value: str = ""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry for reading: ``facts`` is the body without the personal texts, ``texts`` are these."""

    id: int
    number: int
    kind: str
    at: dt.datetime
    by: str
    facts: Mapping[str, Any]
    texts: Mapping[str, ShownText]
    hash: str
    name: str = ""
    """Who ``by`` is, where the reader asked for it."""


@dataclass(frozen=True, slots=True)
class Page:
    """``after`` asks for the next page; None when this is the last."""

    entries: list[ShownEntry]
    after: int | None


def is_known(stream: str) -> bool:
    """Whether anything is or was kept of ``stream``: an entry, its head, or its place in a checkpoint."""
    return any(rows.objects.filter(stream=stream).exists() for rows in (Entry, Head, CheckpointHead))


def timeline(
    stream: str, *, after: int | None = None, limit: int = 50, name: Expression | None = None
) -> Page:
    """The entries of ``stream`` with numbers above ``after``, oldest first; ``name`` as in :func:`latest`."""
    rows = Entry.objects.filter(stream=stream, number__gt=after or 0).order_by("number")
    entries = list(_with_texts(_with_name(rows, name))[: limit + 1])
    shown = [_shown(entry) for entry in entries[:limit]]
    return Page(shown, shown[-1].number if len(entries) > limit else None)


def latest(
    stream: str,
    *,
    before: int | None = None,
    limit: int = 50,
    without: Collection[str] = (),
    only: Collection[str] | None = None,
    name: Expression | None = None,
    about: Mapping[str, Any] | None = None,
) -> list[ShownEntry]:
    """The entries of ``stream`` with numbers below ``before``, newest first, texts resolved; one query.

    Kinds in ``without`` (with ``only``: all others) are left out and do not count towards ``limit``.
    ``name`` is read along for each entry: the ledger itself knows no people. ``about`` keeps entries
    whose body says all of it.
    """
    if about is None:
        kinds = (tuple(without), None if only is None else tuple(only))
        found = _LATEST(limit, *kinds, name, stream=stream, before=before)
    else:
        found = list(_latest(limit, without, only, name, stream=stream, before=before, about=about))
    return [_shown(entry) for entry in found]


def _latest(
    limit: int,
    without: Collection[str],
    only: Collection[str] | None,
    name: Expression | None,
    *,
    stream: str,
    before: int | None,
    about: Mapping[str, Any] | None = None,
) -> QuerySet[Entry]:
    rows = Entry.objects.filter(stream=stream).exclude(kind__in=without).order_by("-number")
    if only is not None:
        rows = rows.filter(kind__in=only)
    if about is not None:
        rows = rows.filter(body__contains=dict(about))
    if before is not None:
        rows = rows.filter(number__lt=before)
    return _with_texts(_with_name(rows, name))[:limit]


_LATEST: Frozen[Entry] = Frozen(_latest)


def search(
    *, by: str = "", kind: str = "", since: dt.datetime | None = None, until: dt.datetime | None = None
) -> QuerySet[Entry]:
    """Entries of all streams: whose deed, of which kind (or all that begin with one word, like ``login``),
    from ``since`` up to, not including, ``until``. For the caller to order by ``at`` and cut into pages;
    their texts are read along for :func:`texts_of`.
    """
    rows = _with_texts(Entry.objects.order_by())
    rows = rows.filter(by=by) if by else rows
    area, _, rest = kind.partition(".")
    rows = rows.alias(area=area_of_kind()).filter(area=area) if area else rows
    rows = rows.filter(kind=kind) if rest else rows
    rows = rows.filter(at__gte=since) if since else rows
    return rows.filter(at__lt=until) if until else rows


def _with_name(entries: QuerySet[Entry], name: Expression | None) -> QuerySet[Entry]:
    return entries if name is None else entries.annotate(name_of_by=name)


def _with_texts(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Read the texts in the same query, the salt as hexadecimal digits."""
    salt = Func(F("salt"), Value("hex"), function="encode", output_field=TextField())
    row = JSONObject(name="name", salt=salt, text="text")
    kept = Text.objects.filter(entry=OuterRef("pk")).order_by("name").values(row=row)
    return entries.annotate(texts_kept=ArraySubquery(kept))


def texts_of(entry: Entry) -> Mapping[str, ShownText]:
    """The personal texts of an entry read through :func:`search`."""
    return _shown(entry).texts


def _shown(entry: Entry) -> ShownEntry:
    read = vars(entry)
    kept = {row["name"]: row for row in read["texts_kept"]}
    facts: dict[str, Any] = {}
    texts: dict[str, ShownText] = {}
    for name, value in entry.body.items():
        if isinstance(value, dict) and value.keys() == {"digest", "text"}:
            texts[name] = _shown_text(value["digest"], kept.get(name))
        else:
            facts[name] = value
    return ShownEntry(
        id=entry.id,
        number=entry.number,
        kind=entry.kind,
        at=entry.at,
        by=entry.by,
        facts=facts,
        texts=texts,
        hash=entry.hash,
        name=read.get("name_of_by") or "",
    )


def _shown_text(digest: str, kept: Mapping[str, str] | None) -> ShownText:
    if kept is None:
        return ShownText(TextState.ERASED)
    if chain.text_digest(bytes.fromhex(kept["salt"]), kept["text"]) != digest:
        return ShownText(TextState.ALTERED)
    return ShownText(TextState.KEPT, kept["text"])


class Position(NamedTuple):
    """How far a follower has read: the writing transaction and, within it, the entry's id."""

    xid: int
    id: int


BEGINNING = Position(0, 0)

# In the order of transactions, not of ids: an id is taken before the commit, so a lower id may appear
# later. Below pg_snapshot_xmin every transaction has ended, so nothing can appear there any more.
_SINCE = """
SELECT e.*, e.xid::text AS written_by FROM ledger_entry e
WHERE (e.xid, e.id) > (%s::text::xid8, %s) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY e.xid, e.id LIMIT %s
"""


def since(position: Position = BEGINNING, *, limit: int = 500) -> tuple[list[Entry], Position]:
    """The next entries of all streams for a follower, and the position to ask from next time.

    Every committed entry is delivered exactly once to a follower that keeps its position, however
    late it commits; entries wait while any older transaction is running. Call it in a transaction of
    its own.
    """
    entries = list(Entry.objects.raw(_SINCE, [str(position.xid), position.id, limit]))
    if entries:
        position = Position(int(vars(entries[-1])["written_by"]), entries[-1].id)
    return entries, position
