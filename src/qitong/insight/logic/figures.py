"""Figures from counted lines: sums, rates with their denominators, exact percentiles."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FEWEST = 5
"""Below this many closed ones a rate or a median says more of chance than of the work, and is marked."""


@dataclass(frozen=True, slots=True)
class Line:
    """``count`` things of one sort; ``what`` is in, open, closed or ended, ``when`` where it is open."""

    what: str
    count: int
    when: str = ""
    on_time: bool | None = None
    days: int | None = None
    company: int = 0
    law: int = 0
    queue: int = 0
    work: int = 0


def percentile(histogram: Mapping[int, int], tenths: int) -> int | None:
    """The smallest value that at least ``tenths`` of ten do not exceed (SQL's ``percentile_disc``)."""
    total = sum(histogram.values())
    reached = 0
    for value in sorted(histogram):
        reached += histogram[value]
        if reached and reached * 10 >= tenths * total:
            return value
    return None


_PLAIN = (
    "incoming",
    "open",
    "week",
    "overdue",
    "paused",
    "closed",
    "on_time",
    "ended",
    "company",
    "law",
    "queue",
    "work",
)


@dataclass(slots=True)
class Figures:
    """What is known of one department, one item, one month, or of everything."""

    incoming: int = 0
    open: int = 0
    week: int = 0
    overdue: int = 0
    paused: int = 0
    closed: int = 0
    on_time: int = 0
    ended: int = 0
    company: int = 0
    law: int = 0
    queue: int = 0
    work: int = 0
    histogram: Counter[int] = field(default_factory=Counter)

    @property
    def late(self) -> int:
        return self.closed - self.on_time

    @property
    def rate(self) -> float | None:
        """The share closed on time; None where nothing was closed: no data is not nought."""
        return self.on_time / self.closed if self.closed else None

    @property
    def median(self) -> int | None:
        return percentile(self.histogram, 5)

    @property
    def ninetieth(self) -> int | None:
        return percentile(self.histogram, 9)

    @property
    def waiting(self) -> int:
        return self.company + self.law + self.queue

    @property
    def days(self) -> int:
        """All working days of what was closed: the denominator of waiting and working."""
        return self.waiting + self.work

    @property
    def is_small(self) -> bool:
        return 0 < self.closed < FEWEST

    @property
    def is_empty(self) -> bool:
        return not (self.incoming or self.open or self.closed or self.ended)

    def add(self, line: Line) -> None:
        if line.what == "in":
            self.incoming += line.count
        elif line.what == "open":
            self.open += line.count
            self.overdue += line.count * (line.when == "overdue")
            self.week += line.count * (line.when == "week")
            self.paused += line.count * (line.when == "paused")
        elif line.what == "ended":
            self.ended += line.count
        else:
            self._add_closed(line)

    def merge(self, other: Figures) -> None:
        """Add what is counted there to what is counted here; percentiles stay exact."""
        for name in _PLAIN:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.histogram.update(other.histogram)

    def _add_closed(self, line: Line) -> None:
        self.closed += line.count
        self.on_time += line.count * bool(line.on_time)
        self.company += line.company
        self.law += line.law
        self.queue += line.queue
        self.work += line.work
        self.histogram[line.days or 0] += line.count


def total(lines: Iterable[Line]) -> Figures:
    figures = Figures()
    for line in lines:
        figures.add(line)
    return figures


def week_end(today: dt.date) -> dt.date:
    """The Sunday of this week: what is due up to it is due this week."""
    return today + dt.timedelta(days=6 - today.weekday())


def months_back(day: dt.date, n: int) -> dt.date:
    """The first day of the month ``n`` months before that of ``day``."""
    index = day.year * 12 + day.month - 1 - n
    return dt.date(index // 12, index % 12 + 1, 1)
