"""A million comparisons of every way to run a rule: ``python -m tests.policies.engines.many [COUNT [SEED]]``.

In parts, each drawn from its own number, so that a disagreement can be looked at again by that number alone
(``SEED`` is the number of the first part). It says how far it is, and can be ended at any time (Ctrl-C): it
then says what it compared so far. Ends with 1 when anything disagreed.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import psycopg

from qitong.policies.engines import databases
from qitong.server.database import database_url
from tests.policies.engines.agreement import compared

SAY_EVERY = 10.0
"""Seconds."""


@dataclass(slots=True)
class Tally:
    """Comparisons by engine, and what disagreed: the part, the engine, the policy and company within it."""

    made: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[int, str, int, int]] = field(default_factory=list)

    def __str__(self) -> str:
        each = ", ".join(f"{engine} {count:,}" for engine, count in self.made.items())
        return f"{self.made.total():,} comparisons, {len(self.wrong)} disagreements ({each})"


def main(count: int, first: int) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tally, begun = Tally(), time.monotonic()
    try:
        _compare(tally, count, first)
    except KeyboardInterrupt:
        _say("Ended before the end.")
    _say(f"{tally}, in {time.monotonic() - begun:.0f} s")
    return int(bool(tally.wrong))


def _compare(tally: Tally, count: int, part: int) -> None:
    said = time.monotonic()
    with (
        psycopg.connect(database_url(), autocommit=True) as connection,
        databases.clickhouse() as clickhouse,
    ):
        postgres = databases.Postgres(connection)
        while tally.made.total() < count:
            _part(tally, part, postgres, clickhouse)
            part += 1
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                _say(f"{tally.made.total():,} of {count:,}, {len(tally.wrong)} disagreements")


def _part(tally: Tally, part: int, postgres: databases.Postgres, clickhouse: databases.ClickHouse) -> None:
    for engine, right, said in compared(Random(part), part, postgres, clickhouse):
        for policy, (wanted, got) in enumerate(zip(right, said, strict=True)):
            for company, pair in enumerate(zip(wanted, got, strict=True)):
                if pair[0] != pair[1]:
                    tally.wrong.append((part, engine, policy, company))
                    _say(f"DISAGREES: part {part}, {engine}, policy {policy}, company {company}: {pair}")
            tally.made[engine] += len(wanted)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(given[0] if given else 1_000_000, given[1] if len(given) > 1 else 1))
