"""The only way into the ledger.

The caller is in a transaction; the entry commits or vanishes with the deed. The head row of each
stream is locked until then, so two writers of one stream follow each other and never fork.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from qitong.ledger import hooks
from qitong.ledger.logic import chain
from qitong.ledger.models import Entry
from qitong.sql.arrays import array
from qitong.sql.statements import kept


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEntry:
    """What ``record_many`` takes; the fields mean what they mean in :func:`record`."""

    stream: str
    kind: str
    by: str
    at: dt.datetime
    body: Mapping[str, Any]
    personal: Mapping[str, str] | None = None


@dataclass(slots=True)
class _Link:
    """The end of a stream as this transaction knows it."""

    number: int
    hash: str


class _Row(NamedTuple):
    """An entry but for its id: the columns of the table, in their order."""

    stream: str
    number: int
    kind: str
    at: dt.datetime
    by: str
    body: dict[str, Any]
    algorithm: str
    prev_hash: str
    hash: str
    seal: str


class _Personal(NamedTuple):
    """A text that the entry ``number`` of ``stream`` holds the digest of."""

    stream: str
    number: int
    name: str
    salt: bytes
    text: str
    id: uuid.UUID


@dataclass(slots=True)
class _Batch:
    algorithm: str
    key: bytes
    seals: chain.Seals
    rows: list[_Row] = field(default_factory=list)
    texts: list[_Personal] = field(default_factory=list)


def record(
    stream: str,
    kind: str,
    *,
    by: str,
    at: dt.datetime,
    body: Mapping[str, Any],
    personal: Mapping[str, str] | None = None,
) -> Entry:
    """Write one entry into ``stream`` (like ``case:42``) and return it.

    ``by`` is who did it (like ``user:7``), ``at`` has a time zone, ``body`` is JSON of plain values
    (dates, ``Decimal``, ``UUID`` and enums are taken as text). ``personal`` maps names to texts that
    may have to be erased one day: the entry keeps ``{name: {"digest": …, "text": id}}``, the text
    itself goes to a table of its own.

    Raises ``TransactionManagementError`` outside a transaction, ``ValueError`` for what cannot be
    kept, ``HashUnavailableError`` or ``ImproperlyConfigured`` when hash or key are not configured.
    """
    new = NewEntry(stream=stream, kind=kind, by=by, at=at, body=body, personal=personal)
    return _write([new])[0]


def record_first(entries: Sequence[NewEntry]) -> None:
    """Write the first entries of a stream that nobody else can know yet: there is no end to look up.

    Raises ``IntegrityError`` if the stream has entries already.
    """
    _write(entries, known={new.stream: _Link(0, chain.BEFORE_THE_FIRST) for new in entries})


def record_many(entries: Iterable[NewEntry]) -> int:
    """Write many entries, in the order given, in a handful of statements; return how many.

    Streams are locked in sorted order, so two sweeps over the same streams do not deadlock.
    """
    news = list(entries)
    return len(_write(news)) if news else 0


def ledger_key() -> bytes:
    """The key of the seals, which the database must not know."""
    if not settings.LEDGER_KEY:
        raise ImproperlyConfigured("LEDGER_KEY is not configured")
    return str(settings.LEDGER_KEY).encode()


def _write(news: Sequence[NewEntry], *, known: dict[str, _Link] | None = None) -> list[Entry]:
    """``known`` are the ends of streams that are begun here; else they are looked up and locked."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("record() belongs in the transaction of the deed it records")
    bodies = [_checked(new) for new in news]
    key = ledger_key()
    batch = _Batch(settings.LEDGER_HASH, key, _seals(key))
    # No savepoint: if anything below fails, the whole deed must be rolled back.
    with transaction.atomic(savepoint=False):
        links = known or _lock(sorted({new.stream for new in news}))
        for new, body in zip(news, bodies, strict=True):
            _append(batch, links[new.stream], new, body)
        entries = _keep(_KEEP if known is None else _KEEP_FIRST, links, batch)
        hooks.announce(entries)
    return entries


@lru_cache(maxsize=4)
def _seals(key: bytes) -> chain.Seals:
    return chain.Seals(key)


def _checked(new: NewEntry) -> dict[str, Any]:
    """The plain body; everything that can be refused is refused before anything is locked."""
    chain.moment(new.at)
    for name, value in (("stream", new.stream), ("kind", new.kind), ("by", new.by)):
        if not chain.plain(value) or value.split() != [value]:
            raise ValueError(f"a ledger entry needs {name} as one word, not {value!r}")
    body: dict[str, Any] = chain.plain(new.body)
    for name, value in body.items():
        if isinstance(value, dict) and value.keys() == {"digest", "text"}:
            raise ValueError(f"{name!r} looks like the digest of a personal text; give it as personal=")
    for name, text in (new.personal or {}).items():
        if name in body:
            raise ValueError(f"{name!r} is both in body and in personal")
        chain.plain({name: text})
    return body


_FIRST = """
INSERT INTO ledger_head (stream, number, hash, algorithm, mac)
SELECT s, 0, '', '', '' FROM unnest(%s::text[]) AS s ON CONFLICT DO NOTHING
"""
_LOCK_ONE = """
WITH made AS (
    INSERT INTO ledger_head (stream, number, hash, algorithm, mac) VALUES (%(stream)s, 0, '', '', '')
    ON CONFLICT DO NOTHING RETURNING stream, number, hash
)
SELECT stream, number, hash FROM made
UNION ALL
SELECT * FROM (SELECT stream, number, hash FROM ledger_head WHERE stream = %(stream)s FOR UPDATE) AS known
"""
_LOCK = (
    "SELECT stream, number, hash FROM ledger_head WHERE stream = ANY(%s::text[]) ORDER BY stream FOR UPDATE"
)


def _lock(streams: Sequence[str]) -> dict[str, _Link]:
    """Lock the heads, making those that are missing (number 0) first.

    Making before locking, both in sorted order, keeps two batches from waiting for each other. A
    single stream, which knows no order, is one statement; it finds nothing when another transaction
    made the head meanwhile.
    """
    with kept() as cursor:
        if len(streams) == 1:
            cursor.execute(_LOCK_ONE, {"stream": streams[0]})
            if found := cursor.fetchone():
                return {streams[0]: _Link(*found[1:])}
        asked = [array(streams)]
        cursor.execute(_FIRST, asked)
        cursor.execute(_LOCK, asked)
        return {stream: _Link(number, last) for stream, number, last in cursor.fetchall()}


def _append(batch: _Batch, link: _Link, new: NewEntry, body: dict[str, Any]) -> None:
    number = link.number + 1
    for name, text in (new.personal or {}).items():
        salt, text_id = secrets.token_bytes(16), uuid.uuid4()
        body[name] = {"digest": chain.text_digest(salt, text), "text": str(text_id)}
        batch.texts.append(_Personal(new.stream, number, name, salt, text, text_id))
    found = chain.hash_of_row(
        stream=new.stream,
        number=number,
        kind=new.kind,
        at=chain.moment(new.at),
        by=new.by,
        body=body,
        prev_hash=link.hash,
        algorithm=batch.algorithm,
    )
    facts = (new.stream, number, new.kind, new.at, new.by, body, batch.algorithm, link.hash, found)
    batch.rows.append(_Row(*facts, seal=batch.seals.of(found)))
    link.number, link.hash = number, found


_FORWARD = """
    UPDATE ledger_head SET number = n.number, hash = n.hash, algorithm = %s, mac = n.mac
    FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[]) AS n (stream, number, hash, mac)
    WHERE ledger_head.stream = n.stream
"""
_BEGIN = """
    INSERT INTO ledger_head (algorithm, stream, number, hash, mac)
    SELECT %s::text, n.* FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[]) AS n
"""
_ENTRIES = """
INSERT INTO ledger_entry (stream, number, kind, at, "by", body, algorithm, prev_hash, hash, seal)
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::jsonb[],
                     %s::text[], %s::text[], %s::text[], %s::text[])
RETURNING id, stream, number
"""
_KEEP_TEXTS = """
INSERT INTO ledger_text (id, entry_id, name, salt, text)
SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::text[])
"""
_KEEP, _KEEP_FIRST = (f"WITH heads AS ({heads}){_ENTRIES}" for heads in (_FORWARD, _BEGIN))
_FIELDS = ("id", *_Row._fields)


def _keep(statement: str, links: Mapping[str, _Link], batch: _Batch) -> list[Entry]:
    """The entries and the new ends of their streams, in one statement; their texts in another."""
    of_key, algorithm = partial(chain.head_mac, batch.key, algorithm=batch.algorithm), batch.algorithm
    heads = [
        (stream, link.number, link.hash, of_key(stream=stream, number=link.number, entry_hash=link.hash))
        for stream, link in links.items()
    ]
    bodies = [json.dumps(row.body, ensure_ascii=False) for row in batch.rows]
    columns = dict(zip(_Row._fields, zip(*batch.rows, strict=True), strict=True)) | {"body": bodies}
    with kept() as cursor:
        cursor.execute(
            statement, [algorithm, *map(array, zip(*heads, strict=True)), *map(array, columns.values())]
        )
        ids = {(stream, number): row_id for row_id, stream, number in cursor.fetchall()}
        if batch.texts:
            texts = [(t.id, ids[t.stream, t.number], t.name, t.salt, t.text) for t in batch.texts]
            cursor.execute(_KEEP_TEXTS, list(map(list, zip(*texts, strict=True))))
    return [Entry.from_db(connection.alias, _FIELDS, (ids[row[:2]], *row)) for row in batch.rows]
