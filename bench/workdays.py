"""How many working-day answers a second: ``python bench/workdays.py [--json]``.

Each measure is repeated; the median and the spread (fastest to slowest) are shown, so that a run on a
busy machine can be told from a slow engine.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import statistics
import sys
import time
from collections.abc import Callable

from qitong.kernel.workdays import Calendar, Limit, Pause, PauseReason, due, official

ROUNDS = 9
DATES = 200_000
DAYS = 15


def one_by_one(calendar: Calendar, starts: list[dt.date]) -> None:
    """The public call, once a date."""
    for start in starts:
        calendar.add(start, DAYS)


def many(calendar: Calendar, starts: list[dt.date]) -> None:
    """The public call for a batch."""
    calendar.add_many(starts, DAYS)


def paused(calendar: Calendar, starts: list[dt.date]) -> None:
    """A deadline with two pauses, as a case has it."""
    limit = Limit(DAYS)
    pauses = [
        Pause(PauseReason.HEARING, dt.date(2026, 3, 2), dt.date(2026, 3, 9)),
        Pause(PauseReason.TESTING, dt.date(2026, 7, 1), dt.date(2026, 7, 15)),
    ]
    for start in starts[: len(starts) // 10]:
        due(calendar, start, limit, pauses)


MEASURES: dict[str, tuple[Callable[[Calendar, list[dt.date]], None], int, int]] = {
    # name: function, answers a round, answers a second promised (0: no promise)
    "add": (one_by_one, DATES, 300_000),
    "add_many": (many, DATES, 1_000_000),
    "due_with_two_pauses": (paused, DATES // 10, 0),
}


def measure() -> dict[str, dict[str, int]]:
    """Answers a second by measure: median, slowest, fastest and what is promised."""
    calendar = official()
    rng = random.Random(2026)  # noqa: S311 - dates to measure with, not secrets
    first = dt.date(2024, 1, 1)
    starts = [first + dt.timedelta(rng.randrange(1_000)) for _ in range(DATES)]
    results = {}
    for name, (run, answers, promised) in MEASURES.items():
        rates = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            run(calendar, starts)
            rates.append(answers / (time.perf_counter() - begun))
        results[name] = {
            "median": round(statistics.median(rates)),
            "slowest": round(min(rates)),
            "fastest": round(max(rates)),
            "promised": promised,
        }
    return results


def main() -> int:
    """Print the results; 1 when a promised rate was missed by the median."""
    results = measure()
    if "--json" in sys.argv[1:]:
        text = json.dumps({"unit": "answers/s", "rounds": ROUNDS, "workdays": results}, indent=1)
    else:
        rows = [f"{'answers/s':<22}{'median':>12}{'slowest':>12}{'fastest':>12}{'promised':>12}"]
        rows += [
            f"{name:<22}" + "".join(f"{r[k]:>12,}" for k in ("median", "slowest", "fastest", "promised"))
            for name, r in results.items()
        ]
        text = "\n".join(rows)
    sys.stdout.write(text + "\n")
    return int(any(r["median"] < r["promised"] for r in results.values()))


if __name__ == "__main__":
    raise SystemExit(main())
