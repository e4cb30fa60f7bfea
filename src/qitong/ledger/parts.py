"""One part of the ledger, read once from the first stream to the last: what ``verify`` is made of.

No Django here: a part can be read by a process of its own, over a connection of its own.
"""

from __future__ import annotations

import heapq
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg
from psycopg import sql

from qitong.ledger.logic import chain
from qitong.ledger.logic.whole import Break, HeadRow, Kind, Row, first_break

AT = """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
    || CASE WHEN at < '0001-01-01Z' THEN ' BC' ELSE '' END"""
_WITHIN = "stream >= %(since)s AND (%(before)s::text IS NULL OR stream < %(before)s)"
_ENTRIES = f"""
SELECT stream, number, kind, coalesce({AT}, ''), "by", body::text, algorithm, prev_hash, hash, seal
FROM ledger_entry WHERE {_WITHIN} ORDER BY stream, number
"""  # noqa: S608  no outside text in it
_HEADS = f"SELECT stream, number, hash, algorithm, mac FROM ledger_head WHERE {_WITHIN} ORDER BY stream"  # noqa: S608
_MARKS = f"SELECT stream, number, hash FROM ledger_checkpoint_head WHERE {_WITHIN} ORDER BY stream, number"  # noqa: S608
_TEXTS = f"""
SELECT stream, number, e.body->t.name->>'text' = t.id::text, e.body->t.name->>'digest', t.salt, t.text
FROM ledger_text t JOIN ledger_entry e ON e.id = t.entry_id
WHERE {_WITHIN} ORDER BY stream, number
"""  # noqa: S608
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Part:
    """The streams from the one on and before the other (None: to the end); ``wanted`` must be among them."""

    since: str = ""
    before: str | None = None
    wanted: Sequence[str] = ()

    @classmethod
    def of_one(cls, stream: str) -> Part:
        return cls(stream, f"{stream}\x01", (stream,))


@dataclass(slots=True)
class Read:
    """What was read of a part, and its first break: of its entries, else of its texts."""

    streams: int = 0
    entries: int = 0
    texts: int = 0
    broken: Break | None = None
    broken_text: Break | None = None


class Reader:
    """Reads parts over one connection, in the transaction it is in."""

    def __init__(self, connection: psycopg.Connection[Any], key: bytes) -> None:
        self._connection, self._key, self._seals = connection, key, chain.Seals(key)

    def read(self, part: Part) -> Read:
        found = Read()
        found.broken = self._streams(part, found)
        if found.broken is None:
            found.broken_text = self._texts(part, found)
        return found

    def rows(self, query: str, part: Part | None = None) -> Generator[tuple[Any, ...], None, None]:
        """Through a cursor of the server, so that memory stays small."""
        within = {"since": part.since, "before": part.before} if part else {}
        with self._connection.cursor(name=f"part{id(query)}") as cursor:
            cursor.execute(query.encode(), within)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from rows

    def _streams(self, part: Part, found: Read) -> Break | None:
        """Merge expected names, heads and checkpoint marks, and beside them the entries, stream by stream."""
        with ExitStack() as stack:
            heads, marks, entries = (
                stack.enter_context(closing(self.rows(query, part))) for query in (_HEADS, _MARKS, _ENTRIES)
            )
            named = heapq.merge(((name,) for name in part.wanted), heads, marks, key=itemgetter(0))
            for name, known, rows in _side_by_side(named, entries):
                found.streams += 1
                if broken := self._stream(name, known, _counted(found, rows)):
                    return broken
        return None

    def _stream(self, name: str, known: Iterator[tuple[Any, ...]], rows: Iterator[Row]) -> Break | None:
        head: HeadRow | None = None
        marks: dict[int, str] = {}
        for row in known:
            if len(row) == len(HeadRow._fields):
                head = HeadRow(*row)
            elif len(row) > 1 and marks.setdefault(row[1], row[2]) != row[2]:
                return Break(name, row[1], Kind.CHECKPOINT)
        return first_break(name, rows, head=head, marks=marks, key=self._key, seals=self._seals)

    def _texts(self, part: Part, found: Read) -> Break | None:
        """A text that is still there is the one that was digested."""
        with closing(self.rows(_TEXTS, part)) as rows:
            for name, number, named, digest, salt, text in rows:
                found.texts += 1
                if not named or chain.text_digest(bytes(salt), text) != digest:
                    return Break(name, number, Kind.EDITED)
        return None


def _counted(found: Read, rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    for row in rows:
        found.entries += 1
        yield Row._make(row)


def _side_by_side(
    named: Iterator[tuple[Any, ...]], entries: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[str, Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]]:
    """Two runs of rows, each in the order of its streams, as (stream, rows of the one, of the other)."""
    left, right = groupby(named, key=itemgetter(0)), groupby(entries, key=itemgetter(0))
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None  # noqa: S101  the loop's condition
            yield one[0], one[1], iter(())
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], iter(()), other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a process of its own is told: to see what the process sees that exported ``snapshot``."""

    conninfo: str
    snapshot: str
    key: bytes
    parts: Sequence[Part]


def main() -> None:
    """Take an errand from the standard input, and write what was read of each part to the output."""
    errand: Errand = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one
    with psycopg.connect(errand.conninfo) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(errand.snapshot))
        reader = Reader(connection, errand.key)
        for part in errand.parts:
            pickle.dump(reader.read(part), sys.stdout.buffer)
            sys.stdout.buffer.flush()


def read_apart(errand: Errand, processes: int) -> Iterator[Read]:
    """The parts in their order, read by so many processes; all of them end with the iteration."""
    started = [_sent(replace(errand, parts=errand.parts[n::processes])) for n in range(processes)]
    try:
        for n in range(len(errand.parts)):
            yield _answer(started[n % processes])
    finally:
        for process in started:
            process.kill()
            process.communicate()


def _sent(errand: Errand) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "qitong.ledger.apart"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    if process.stdin is not None:
        pickle.dump(errand, process.stdin)
        process.stdin.close()
        process.stdin = None
    return process


def _answer(process: subprocess.Popen[bytes]) -> Read:
    if process.stdout is None:
        raise RuntimeError("a process without output")
    found = pickle.load(process.stdout)  # noqa: S301  from a process that this one started
    if not isinstance(found, Read):
        raise TypeError(f"a part was answered with {found!r}")
    return found
