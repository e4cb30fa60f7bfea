"""Read the whole ledger once and name the first break, by stream and number.

All is read from one snapshot (REPEATABLE READ) through server-side cursors, so a running service is
not disturbed and memory stays small. A long ledger is read in parts by several processes, which share
the snapshot. Inside a caller's transaction, that transaction's view is read, by this process alone.

What cannot be found from within: a stream cut back to an earlier state *with its earlier head row*,
after the last checkpoint; and the latest checkpoints removed together with what they covered, unless
``root`` names a root kept elsewhere. ``expected`` finds whole streams that vanished in between.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from qitong.ledger.logic import chain
from qitong.ledger.logic.whole import Break, Kind
from qitong.ledger.parts import AT, Errand, Part, Read, Reader, read_apart
from qitong.ledger.record import ledger_key

MOST_PROCESSES = 4
PARTS = 4
"""For each process, so that none waits long for the last."""
ALONE = 5_000
"""Up to so many streams one process is as quick as several, which have to be started first."""

_CHECKPOINTS = f"""
SELECT number, coalesce({AT}, ''), "by", streams, entries, prev_root, algorithm, root, seal
FROM ledger_checkpoint ORDER BY number
"""  # noqa: S608  no outside text in it
_CHANGED_HEADS = """
SELECT checkpoint_id, stream, number, hash, previous FROM ledger_checkpoint_head
ORDER BY checkpoint_id, stream
"""
_EDGES = """
SELECT stream FROM (SELECT stream, row_number() OVER (ORDER BY stream) - 1 AS n FROM ledger_head) head
WHERE n > 0 AND n %% %s = 0 ORDER BY stream
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


def verify(
    *,
    stream: str | None = None,
    expected: Iterable[str] = (),
    root: str | None = None,
    alone: int = ALONE,
) -> Verdict:
    """Verify everything, or one ``stream`` (then the chain of checkpoints is left out).

    ``expected`` names streams that must exist; ``root`` is a checkpoint's root kept outside the
    database, which must be among the checkpoints. Stops at the first break. Up to ``alone`` streams
    are read by this process alone.
    """
    verdict, key = Verdict(), ledger_key()
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        reader = Reader(connection.connection, key)
        if stream is not None:
            _add_up(verdict, [reader.read(Part.of_one(stream))])
            return verdict
        parts = _cut(cursor, sorted(set(expected)), alone=alone)
        together = (
            _read_together(cursor, parts, key) if len(parts) > 1 and not nested else map(reader.read, parts)
        )
        _add_up(verdict, together)
        if verdict.first is None:
            verdict.first = _checkpoints(verdict, reader, key, root)
    return verdict


def _cut(cursor: Any, wanted: Sequence[str], *, alone: int) -> list[Part]:
    """Parts of about as many streams each; one where there are few."""
    cursor.execute("SELECT count(*) FROM ledger_head")
    (streams,) = cursor.fetchone()
    if streams <= alone:
        return [Part(wanted=wanted)]
    cursor.execute(_EDGES, [-(-streams // (PARTS * _processes()))])
    edges = ["", *(edge for (edge,) in cursor.fetchall())]
    places = [bisect_left(wanted, edge) for edge in edges] + [len(wanted)]
    return [
        Part(since, before, wanted[first:beyond])
        for (since, before), (first, beyond) in zip(pairwise([*edges, None]), pairwise(places), strict=True)
        if since is not None
    ]


def _processes() -> int:
    return max(2, min(MOST_PROCESSES, os.cpu_count() or 1))


def _read_together(cursor: Any, parts: Sequence[Part], key: bytes) -> Iterator[Read]:
    """Read by processes that see this transaction's snapshot, in the order of the parts."""
    cursor.execute("SELECT pg_export_snapshot()")
    (snapshot,) = cursor.fetchone()
    info = connection.connection.info
    known = make_conninfo(**info.get_parameters(), password=info.password or None)
    return read_apart(Errand(known, snapshot, key, parts), _processes())


def _add_up(verdict: Verdict, parts: Iterable[Read]) -> None:
    """A broken entry is said before a broken text, wherever the text is."""
    text: Break | None = None
    for part in parts:
        verdict.streams += part.streams
        verdict.entries += part.entries
        verdict.texts += part.texts
        text = text or part.broken_text
        if part.broken:
            verdict.first = part.broken
            return
    verdict.first = text


def _checkpoints(verdict: Verdict, reader: Reader, key: bytes, wanted_root: str | None) -> Break | None:
    """Roots recomputed from the kept heads, links, seals and counts; numbers without gaps."""
    seen = wanted_root is None
    streams = entries = 0
    with closing(reader.rows(_CHECKPOINTS)) as rows, closing(reader.rows(_CHANGED_HEADS)) as changed:
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
