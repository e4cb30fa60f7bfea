"""Read the whole ledger once and name the first break, by stream and number.

All is read from one snapshot (REPEATABLE READ) through server-side cursors, so a running service is
not disturbed and memory stays small. Inside a caller's transaction, that transaction's view is read.

What cannot be found from within: a stream cut back to an earlier state *with its earlier head row*,
after the last checkpoint; and the latest checkpoints removed together with what they covered, unless
``root`` names a root kept elsewhere. ``expected`` finds whole streams that vanished in between.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from qitong.ledger.logic import chain
from qitong.ledger.logic.whole import Break, HeadRow, Kind, Row, first_break
from qitong.ledger.record import ledger_key

_AT = """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
    || CASE WHEN at < '0001-01-01Z' THEN ' BC' ELSE '' END"""
_ENTRIES = """
SELECT stream, number, kind, coalesce(AT_TEXT, ''), "by", body::text, algorithm, prev_hash, hash, seal
FROM ledger_entry WHERE %(stream)s::text IS NULL OR stream = %(stream)s ORDER BY stream, number
""".replace("AT_TEXT", _AT)
_HEADS = """
SELECT stream, number, hash, algorithm, mac
FROM ledger_head WHERE %(stream)s::text IS NULL OR stream = %(stream)s ORDER BY stream
"""
_MARKS = """
SELECT stream, number, hash
FROM ledger_checkpoint_head WHERE %(stream)s::text IS NULL OR stream = %(stream)s ORDER BY stream, number
"""
_TEXTS = """
SELECT e.stream, e.number, e.body->t.name->>'text' = t.id::text, e.body->t.name->>'digest', t.salt, t.text
FROM ledger_text t JOIN ledger_entry e ON e.id = t.entry_id
WHERE %(stream)s::text IS NULL OR e.stream = %(stream)s ORDER BY e.stream, e.number
"""
_CHECKPOINTS = """
SELECT number, coalesce(AT_TEXT, ''), "by", streams, entries, prev_root, algorithm, root, seal
FROM ledger_checkpoint ORDER BY number
""".replace("AT_TEXT", _AT)
_CHANGED_HEADS = """
SELECT checkpoint_id, stream, number, hash, previous FROM ledger_checkpoint_head
ORDER BY checkpoint_id, stream
"""


@dataclass(slots=True)
class Verdict:
    """What was read, and the first break if there is one. ``root`` is that of the last checkpoint."""

    streams: int = 0
    entries: int = 0
    texts: int = 0
    checkpoints: int = 0
    root: str = ""
    first: Break | None = None

    @property
    def whole(self) -> bool:
        return self.first is None


def verify(*, stream: str | None = None, expected: Iterable[str] = (), root: str | None = None) -> Verdict:
    """Verify everything, or one ``stream`` (then the chain of checkpoints is left out).

    ``expected`` names streams that must exist; ``root`` is a checkpoint's root kept outside the
    database, which must be among the checkpoints. Stops at the first break.
    """
    verdict, key = Verdict(), ledger_key()
    wanted = sorted({name for name in expected if stream in (None, name)} | ({stream} if stream else set()))
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        verdict.first = _streams(verdict, wanted, stream, key) or _texts(verdict, stream)
        if stream is None and verdict.first is None:
            verdict.first = _checkpoints(verdict, key, root)
    return verdict


def _read(sql: str, stream: str | None = None) -> Generator[tuple[Any, ...], None, None]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"stream": stream})
        while rows := cursor.fetchmany(5000):
            yield from rows


def _streams(verdict: Verdict, wanted: Sequence[str], stream: str | None, key: bytes) -> Break | None:
    """Merge expected names, heads, checkpoint marks and entries; judge stream by stream."""
    with ExitStack() as stack:
        heads, marks, entries = (
            stack.enter_context(closing(_read(sql, stream))) for sql in (_HEADS, _MARKS, _ENTRIES)
        )
        merged = heapq.merge(((name,) for name in wanted), heads, marks, entries, key=itemgetter(0))
        for name, group in groupby(merged, key=itemgetter(0)):
            verdict.streams += 1
            if found := _stream(verdict, name, group, key):
                return found
    return None


def _stream(verdict: Verdict, name: str, group: Iterator[tuple[Any, ...]], key: bytes) -> Break | None:
    head: HeadRow | None = None
    marks: dict[int, str] = {}
    first: tuple[Any, ...] | None = None
    for row in group:
        if len(row) == len(Row._fields):  # the merge is stable: entries come last
            first = row
            break
        if len(row) == len(HeadRow._fields):
            head = HeadRow(*row)
        elif len(row) > 1 and marks.setdefault(row[1], row[2]) != row[2]:
            return Break(name, row[1], Kind.CHECKPOINT)
    return first_break(name, _counted(verdict, first, group), head=head, marks=marks, key=key)


def _counted(
    verdict: Verdict, first: tuple[Any, ...] | None, rest: Iterator[tuple[Any, ...]]
) -> Iterator[Row]:
    if first is None:
        return
    verdict.entries += 1
    yield Row(*first)
    for row in rest:
        verdict.entries += 1
        yield Row(*row)


def _texts(verdict: Verdict, stream: str | None) -> Break | None:
    """A text that is still there is the one that was digested."""
    with closing(_read(_TEXTS, stream)) as rows:
        for name, number, named, digest, salt, text in rows:
            verdict.texts += 1
            if not named or chain.text_digest(bytes(salt), text) != digest:
                return Break(name, number, Kind.EDITED)
    return None


def _checkpoints(verdict: Verdict, key: bytes, wanted_root: str | None) -> Break | None:
    """Roots recomputed from the kept heads, links, seals and counts; numbers without gaps."""
    seen = wanted_root is None
    streams = entries = 0
    with closing(_read(_CHECKPOINTS)) as rows, closing(_read(_CHANGED_HEADS)) as changed:
        by_number = groupby(changed, key=itemgetter(0))
        pending = next(by_number, None)
        for *stored, root, seal in rows:
            verdict.checkpoints += 1
            facts = chain.CheckpointFacts(*stored)
            heads: list[tuple[str, int, str, int]] = []
            if pending and pending[0] == verdict.checkpoints:
                heads = [(row[1], row[2], row[3], row[4]) for row in pending[1]]
                pending = next(by_number, None)
            streams += sum(previous == 0 for *_, previous in heads)
            entries += sum(number - previous for _, number, _, previous in heads)
            if (
                (facts.number, facts.prev_root) != (verdict.checkpoints, verdict.root)
                or (facts.streams, facts.entries) != (streams, entries)
                or facts.algorithm not in chain.ALGORITHMS
                or chain.checkpoint_root(facts, (chain.head_line(*head) for head in heads)) != root
                or not chain.same(seal, chain.checkpoint_seal(key, root))
            ):
                return Break("", verdict.checkpoints, Kind.CHECKPOINT)
            verdict.root, seen = root, seen or root == wanted_root
    if pending or not seen:  # heads of a checkpoint that is gone, or a root that is nowhere
        return Break("", verdict.checkpoints + 1, Kind.CHECKPOINT)
    return None
