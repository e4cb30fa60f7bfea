"""The nightly checkpoint: all stream heads at one moment, under one root.

Hashes and seals find what was changed; only a checkpoint finds what was cut off together with its
head. So a checkpoint keeps every head that changed since the one before, and its root covers them,
the counts and the previous root. Keep the last root somewhere outside this database (a printed
protocol, another office): ``verify(root=…)`` then also finds a removed checkpoint.

Only committed work is read: one statement copies the heads, hence from one snapshot, and a head and
its entries commit together. Call it outside any other transaction; inside one it would also see that
transaction's own entries. Two checkpoints at once wait for each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction

from qitong.ledger.logic import chain
from qitong.ledger.models import Checkpoint, CheckpointHead
from qitong.ledger.record import ledger_key

# Found before any is written: the first checkpoint would look for each head among those it just wrote.
# Both are read once in the order of their streams; to look for each head by itself takes 0.1 ms a stream.
_COPY_CHANGED_HEADS = """
WITH changed AS MATERIALIZED (
    SELECT h.stream, h.number, h.hash, coalesce(c.number, 0) AS previous
    FROM ledger_head h
    LEFT JOIN (
        SELECT DISTINCT ON (stream) stream, number, hash FROM ledger_checkpoint_head
        ORDER BY stream, checkpoint_id DESC
    ) c ON c.stream = h.stream
    WHERE h.number > 0 AND (h.number, h.hash) IS DISTINCT FROM (c.number, c.hash)
)
INSERT INTO ledger_checkpoint_head (checkpoint_id, stream, number, hash, previous)
SELECT %s, stream, number, hash, previous FROM changed
"""
_COUNT = """
SELECT count(*) FILTER (WHERE previous = 0), coalesce(sum(number - previous), 0)::bigint
FROM ledger_checkpoint_head WHERE checkpoint_id = %s
"""


def checkpoint(*, by: str, at: dt.datetime) -> Checkpoint:
    """Take a checkpoint and return it; also when nothing changed, as proof of a quiet night."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_checkpoint IN SHARE ROW EXCLUSIVE MODE")
        last = Checkpoint.objects.order_by("number").last()
        number = last.number + 1 if last else 1
        cursor.execute(_COPY_CHANGED_HEADS, [number])
        cursor.execute(_COUNT, [number])
        new_streams, new_entries = cursor.fetchone() or (0, 0)
        facts = chain.CheckpointFacts(
            number=number,
            at=chain.moment(at),
            by=by,
            streams=(last.streams if last else 0) + new_streams,
            entries=(last.entries if last else 0) + new_entries,
            prev_root=last.root if last else chain.BEFORE_THE_FIRST,
            algorithm=settings.LEDGER_HASH,
        )
        root = chain.checkpoint_root(facts, _lines(number))
        return Checkpoint.objects.create(
            number=number,
            at=at,
            by=by,
            streams=facts.streams,
            entries=facts.entries,
            algorithm=facts.algorithm,
            prev_root=facts.prev_root,
            root=root,
            seal=chain.checkpoint_seal(ledger_key(), root),
        )


def _lines(number: int) -> Iterator[str]:
    heads = CheckpointHead.objects.filter(checkpoint_id=number).order_by("stream")
    rows = heads.values_list("stream", "number", "hash", "previous")
    for row in rows.iterator(chunk_size=5000):
        yield chain.head_line(*row)
