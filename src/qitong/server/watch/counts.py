"""Requests counted in memory that all web processes of one ``qitong serve`` share.

Each process adds in a slot of its own, so none waits for another and none counts twice; whoever is asked
adds all slots up, so it does not matter which one Prometheus reaches. A process that takes the place of
one that ended goes on in its slot: a counter never falls.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Iterator
from dataclasses import dataclass

METHODS = ("GET", "POST", "other")
ANSWERS = ("1xx", "2xx", "3xx", "4xx", "5xx")
BOUNDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; what takes longer is in the last bucket, without a bound."""

ROUTES = 1024
_COUNTED = len(METHODS) * len(ANSWERS)
_ROW = _COUNTED + len(BOUNDS) + 1 + 1  # counters, buckets, seconds altogether
_SLOT = ROUTES * _ROW


@dataclass(frozen=True, slots=True)
class Row:
    """One route: ``counted`` by (method, answer), ``buckets`` not added up, ``seconds`` altogether."""

    route: int
    counted: dict[tuple[str, str], int]
    buckets: list[int]
    seconds: float


class Counts:
    """``slots`` is how many processes may count at the same time. Made before they are forked."""

    def __init__(self, slots: int = 1) -> None:
        self.slots, self.slot = slots, 0
        self._cells = memoryview(mmap.mmap(-1, slots * _SLOT * 8)).cast("d")
        self._lock = threading.Lock()

    def add(self, route: int, method: str, status: int, seconds: float) -> None:
        """Count one answer in this process' slot."""
        start = self.slot * _SLOT + route * _ROW
        which = METHODS.index(method) if method in METHODS else len(METHODS) - 1
        bucket = next((n for n, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        with self._lock:
            self._cells[start + which * len(ANSWERS) + min(max(status // 100, 1), 5) - 1] += 1
            self._cells[start + _COUNTED + bucket] += 1
            self._cells[start + _ROW - 1] += seconds

    def rows(self) -> Iterator[Row]:
        """All slots added up, for the routes that were asked for."""
        for route in range(ROUTES):
            cells = [self._cell(route, n) for n in range(_ROW)] if self._asked(route) else []
            if cells:
                keys = [(method, answer) for method in METHODS for answer in ANSWERS]
                counted = {key: int(n) for key, n in zip(keys, cells, strict=False) if n}
                yield Row(route, counted, [int(n) for n in cells[_COUNTED:-1]], cells[-1])

    def _asked(self, route: int) -> bool:
        buckets = range(_COUNTED, _ROW - 1)
        return any(
            self._cells[slot * _SLOT + route * _ROW + n] for slot in range(self.slots) for n in buckets
        )

    def _cell(self, route: int, n: int) -> float:
        return sum(self._cells[slot * _SLOT + route * _ROW + n] for slot in range(self.slots))


_shared = Counts()


def counts() -> Counts:
    return _shared


def share(slots: int) -> Counts:
    """Before forking: memory for so many processes."""
    global _shared  # noqa: PLW0603  one a process, and set once
    _shared = Counts(slots)
    return _shared
