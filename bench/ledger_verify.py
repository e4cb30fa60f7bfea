"""How many entries a second the whole ledger is verified: ``python -m bench.ledger_verify``."""

from __future__ import annotations

import time

from bench.measure import Line, line, main

LEAST = 100_000
SHORT = 500_000
"""A ledger of fewer entries is read several times."""


def measure(cases: int) -> list[Line]:
    from qitong.casework.queries import expected_streams
    from qitong.ledger.verify import verify

    rates, entries = [], 0
    for _ in range(3 if cases * 13 < SHORT else 1):
        begun = time.perf_counter()
        verdict = verify(expected=expected_streams())
        if not verdict.whole:
            raise SystemExit(f"the ledger is not whole: {verdict.first}")
        entries = verdict.entries
        rates.append(entries / (time.perf_counter() - begun))
    return [line("ledger verify", cases, rates, "entries/s", least=LEAST, note=f"{entries:,} entries")]


if __name__ == "__main__":
    main(measure)
