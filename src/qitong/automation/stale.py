"""Cases that moved since search and the figures last read them, read again many at once.

What a move changes in a case's words or figures is noted in the transaction of the move, a row each time.
Whoever reacts next reads a batch of what is noted, its own or not: when cases move faster than they can be
read one by one, a hundred cost little more than one, and the reactions behind find theirs done. What two
read at once is not read twice (rows are skipped while another reads them), and what a killed worker had
begun is noted still.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence

from django.db import DataError, IntegrityError, connection, transaction

from qitong.casework.indexing import index
from qitong.insight.facts import case_of, refresh
from qitong.sql.statements import kept

BATCH = 50
"""Cases read in one transaction: it holds them for well under half a second."""

log = logging.getLogger(__name__)

_NOTE = """
INSERT INTO automation_stale (case_id, words, figures)
SELECT * FROM unnest(%s::bigint[], %s::boolean[], %s::boolean[])
"""
_TAKE = """
DELETE FROM automation_stale WHERE id IN (
  SELECT id FROM automation_stale WHERE case_id = ANY(%s) OR %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING case_id, words, figures
"""


def note(moved: Iterable[tuple[str, bool, bool]]) -> None:
    """Note for each (stream of a case, words changed, figures changed) that it is to be read again."""
    rows = [(case_of(stream), words, figures) for stream, words, figures in moved]
    if rows:
        with kept() as cursor:
            cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])


def catch_up(streams: Sequence[str]) -> int:
    """Read what is noted, as much as these entries' streams noted, theirs or others'; how much was read.

    A case that cannot be read does not keep the others from it: then only these are read.
    """
    own = sorted({case_of(stream) for stream in streams})
    try:
        return sum(_read(own, others=True) for _ in range(0, len(streams), BATCH))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, DataError, IntegrityError):
        log.exception("a batch could not be read; cases %s are read alone", own)
        return sum(_read(own, others=False) for _ in range(0, len(streams), BATCH))


@transaction.atomic
def _read(own: Collection[int], *, others: bool) -> int:
    """Words first, figures last: the sums that many share are held for the shortest time."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [list(own), others, BATCH])
        taken = cursor.fetchall()
    index({case_id for case_id, words, _ in taken if words})
    refresh(case_id for case_id, _, figures in taken if figures)
    return len(taken)
