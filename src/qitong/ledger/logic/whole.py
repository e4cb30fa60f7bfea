"""Is a stream whole? Pure: rows in, the first break out.

What each fact can prove: the *digest* that a row is what was hashed; the *link* that it follows the
row before; the *seal* that ``record()`` made this hash (the database cannot); the *head* that nothing
follows the last row; a *mark* (a checkpointed number and hash) that the stream once went this far.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from qitong.kernel.words import Sentence, say
from qitong.ledger.logic import chain

_decode = json.JSONDecoder().raw_decode


class Kind(enum.StrEnum):
    """What is wrong at the first break."""

    EDITED = "edited"
    MISSING = "missing"
    REORDERED = "reordered"
    APPENDED = "appended"
    TRUNCATED = "truncated"
    HEAD = "head"
    CHECKPOINT = "checkpoint"


_SENTENCES: Mapping[Kind, Sentence] = {
    Kind.EDITED: say("这一条在写入后被改动。"),
    Kind.MISSING: say("这一条已不存在，前后条目接不上。"),
    Kind.REORDERED: say("这一条不在原来的位置。"),
    Kind.APPENDED: say("这一条不是由系统写入的。"),
    Kind.TRUNCATED: say("从这一条起，流的末尾已被删除。"),
    Kind.HEAD: say("流的末端登记缺失，或与最后一条不符。"),
    Kind.CHECKPOINT: say("与检查点登记的内容不符。"),
}


@dataclass(frozen=True, slots=True)
class Break:
    """Where the ledger is broken first; ``stream`` is empty for a break in the checkpoints themselves."""

    stream: str
    number: int
    kind: Kind

    @property
    def sentence(self) -> Sentence:
        return _SENTENCES[self.kind]


class Row(NamedTuple):
    """An entry as stored; ``at`` as :func:`chain.moment` writes it, ``body`` as JSON text."""

    stream: str
    number: int
    kind: str
    at: str
    by: str
    body: str
    algorithm: str
    prev_hash: str
    hash: str
    seal: str


class HeadRow(NamedTuple):
    stream: str
    number: int
    hash: str
    algorithm: str
    mac: str


def first_break(
    stream: str,
    rows: Iterator[Row],
    *,
    head: HeadRow | None,
    marks: Mapping[int, str],
    key: bytes,
    seals: chain.Seals | None = None,
) -> Break | None:
    """The first break of a stream that must exist, or None when it is whole.

    ``rows`` are its entries by number; ``marks`` maps checkpointed numbers to hashes. ``seals`` are
    those of ``key``, when there are many streams.
    """
    genuine = head is not None and head_is_genuine(head, key)
    reached = max(marks, default=0)
    certain = max(reached, head.number) if head and genuine else reached
    number, last, seals = 0, chain.BEFORE_THE_FIRST, seals or chain.Seals(key)
    for row in rows:
        number += 1
        if kind := _wrong(row, number, last, seals):
            if kind is Kind.APPENDED and (row.number <= certain or _any_sealed(rows, seals)):
                kind = Kind.EDITED
            return Break(stream, number, kind)
        if number in marks and marks[number] != row.hash:
            return Break(stream, number, Kind.CHECKPOINT)
        last = row.hash
    if number < max(reached, head.number if head else 0):
        return Break(stream, number + 1, Kind.TRUNCATED if number or head else Kind.MISSING)
    if number == 0:
        return Break(stream, 1, Kind.HEAD if head else Kind.MISSING)
    if head is None or not genuine or (head.number, head.hash) != (number, last):
        return Break(stream, number, Kind.HEAD)
    return None


def _wrong(row: Row, number: int, last: str, seals: chain.Seals) -> Kind | None:
    """What is wrong with ``row`` as entry ``number`` after the hash ``last``."""
    if row.number != number:
        return Kind.MISSING if row.number > number else Kind.REORDERED
    fits, linked = _fits(row), row.prev_hash == last
    if not _sealed(row, seals):
        return Kind.APPENDED
    if not linked:
        return Kind.REORDERED
    return None if fits else Kind.EDITED


def _fits(row: Row) -> bool:
    """Whether the stored hash is the hash of the stored facts."""
    if row.algorithm not in chain.ALGORITHMS:
        return False
    try:
        body, end = _decode(row.body)
    except (ValueError, RecursionError):  # numbers or depths that record() never writes
        return False
    if end != len(row.body):
        return False
    found = chain.hash_of_row(
        stream=row.stream,
        number=row.number,
        kind=row.kind,
        at=row.at,
        by=row.by,
        body=body,
        prev_hash=row.prev_hash,
        algorithm=row.algorithm,
    )
    return found == row.hash


def _sealed(row: Row, seals: chain.Seals) -> bool:
    return chain.same(row.seal, seals.of(row.hash))


def _any_sealed(rows: Iterable[Row], seals: chain.Seals) -> bool:
    return any(_sealed(row, seals) for row in rows)


def head_is_genuine(head: HeadRow, key: bytes) -> bool:
    mac = chain.head_mac(
        key, algorithm=head.algorithm, stream=head.stream, number=head.number, entry_hash=head.hash
    )
    return chain.same(head.mac, mac)
