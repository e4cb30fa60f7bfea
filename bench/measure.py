"""What every bench needs: a stopwatch for wall and processor, counted queries, and a line of results."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

ROUNDS = 30


def seeded(seed: int | str) -> Random:
    """The same numbers each time: something to measure with."""
    return Random(seed)  # noqa: S311  no secrets are made of them


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing. ``kept``: None where nothing is promised of it."""

    what: str
    cases: int
    median: float
    low: float
    high: float
    unit: str
    promised: str = ""
    kept: bool | None = None
    cpu: float | None = None
    queries: int | None = None
    note: str = ""


@dataclass(slots=True)
class Taken:
    """What rounds of one thing took: milliseconds by the clock, and of processor in both processes."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    queries: int = 0

    def line(
        self,
        what: str,
        cases: int,
        *,
        most: float | None = None,
        most_cpu: float | None = None,
        most_queries: int | None = None,
        note: str = "",
    ) -> Line:
        made = line(what, cases, self.wall, "ms", most=most, note=note)
        cpu = _short(statistics.median(self.cpu))
        promised, kept = made.promised, made.kept
        if most_cpu is not None:
            promised, kept = f"{promised}, ≤ {most_cpu:g} ms CPU", bool(kept) and cpu <= most_cpu
        if most_queries is not None:
            promised, kept = (
                f"{promised}, ≤ {most_queries} queries",
                bool(kept) and self.queries <= most_queries,
            )
        return replace(made, cpu=cpu, queries=self.queries, promised=promised, kept=kept)


def line(
    what: str,
    cases: int,
    values: Sequence[float],
    unit: str,
    *,
    most: float | None = None,
    least: float | None = None,
    note: str = "",
) -> Line:
    """The median with its quartiles, against what is promised of the median."""
    low, median, high = quartiles(values)
    promised = f"≤ {most:,g} {unit}" if most is not None else f"≥ {least:,g} {unit}" if least else ""
    kept = None if not promised else median <= most if most is not None else median >= (least or 0)
    return Line(what, cases, _short(median), _short(low), _short(high), unit, promised, kept, note=note)


def _short(value: float) -> float:
    return round(value, 2) if value < 10 else round(value, 1) if value < 100 else round(value)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, median, high


class Processor:
    """Milliseconds of processor: of this process and of the server's process that answers it."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self._server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")

    def now(self) -> float:
        return time.process_time() * 1000 + self.server()

    def server(self) -> float:
        """Of the server's process alone."""
        # schedstat counts nanoseconds, where the usual figures count hundredths of a second
        return int(self._server.read_text().split()[0]) / 1e6 if self._server.exists() else 0


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements asked within."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def taken(things: Iterable[Callable[[], object]], *, warm: int = 3) -> Taken:
    """Do each thing; the first ``warm`` of them only warm up."""
    found, processor = Taken(), Processor()
    for n, thing in enumerate(things):
        with counted() as asked:
            before, begun = processor.now(), time.perf_counter()
            thing()
            wall = (time.perf_counter() - begun) * 1000
            cpu = processor.now() - before
        if n >= warm:
            found.wall.append(wall)
            found.cpu.append(cpu)
            found.queries = max(found.queries, len(asked))
    return found


def main(measure: Callable[[int], list[Line]], *, mix: str | None = None) -> None:
    """What each bench does by itself: measure at ``--cases``, print lines of JSON; 1 when one is missed."""
    from bench import store

    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10_000)
    cases: int = parser.parse_args().cases
    store.use(cases, mix or store.EVERYDAY)
    lines = measure(cases)
    for one in lines:
        sys.stdout.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    raise SystemExit(int(any(one.kept is False for one in lines)))


def tree(root: int) -> list[int]:
    """A process and all below it that live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_of(root: int) -> float:
    """Milliseconds of processor of a process, of all below it, and of those of them that have ended."""
    tick, total = 1000 / os.sysconf("SC_CLK_TCK"), 0.0
    for pid in tree(root):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, parts[11:15])) * tick
    return total


def postmaster() -> int:
    """The process of the embedded server."""
    return int(Path(os.environ["QITONG_DATA"], "pg", "postmaster.pid").read_text().split()[0])
