"""Where the days went: every working day from the receipt to the result belongs to exactly one of four.

For a case, the first that fits:

* ``law``: a legal pause stops the promise (public notice, expert review …);
* ``work``: at least one department has taken a task of the case and is not waiting for anything;
* ``company``: the company was asked for something and has not answered, or had its result;
* ``queue``: nobody had taken what was to be done.

For a task the same, with its own pauses and its own taking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qitong.kernel.workdays import Calendar, PauseReason

OF_THE_COMPANY = frozenset({PauseReason.AWAITING_SUPPLEMENT, PauseReason.RESULT_DELIVERED})


@dataclass(frozen=True, slots=True)
class Stop:
    """Days in [start, end); ``task`` is the task it belongs to, None the whole case."""

    reason: PauseReason
    start: dt.date
    end: dt.date | None
    task: int | None

    def covers(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def is_open(self) -> bool:
        return self.end is None


@dataclass(frozen=True, slots=True)
class Turn:
    """A task as the days see it: enabled, taken, done; the first of each does not count."""

    task: int
    start: dt.date
    taken: dt.date | None
    end: dt.date | None

    def works_on(self, day: dt.date) -> bool:
        return self.taken is not None and self.taken < day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Split:
    """Working days by whom they belong to; together the whole duration."""

    company: int = 0
    law: int = 0
    queue: int = 0
    work: int = 0

    @property
    def days(self) -> int:
        return self.company + self.law + self.queue + self.work

    @property
    def waiting(self) -> int:
        return self.days - self.work


NO_DAYS = Split()


def of_case(
    calendar: Calendar, start: dt.date, end: dt.date, turns: Sequence[Turn], stops: Sequence[Stop]
) -> Split:
    """The working days in (start, end] of a case."""
    return _count(_whose_case(day, turns, stops) for day in _workdays(calendar, start, end))


def of_task(calendar: Calendar, turn: Turn, end: dt.date, stops: Sequence[Stop]) -> Split:
    """The working days in (start, end] of one task; ``stops`` are those of its case."""
    own = [stop for stop in stops if stop.task in (None, turn.task)]
    return _count(_whose_task(day, turn, own) for day in _workdays(calendar, turn.start, end))


def _workdays(calendar: Calendar, start: dt.date, end: dt.date) -> Iterable[dt.date]:
    n = calendar.between(start, end) if end > start else 0
    return (calendar.add(start, k) for k in range(1, n + 1))


def _whose_case(day: dt.date, turns: Sequence[Turn], stops: Sequence[Stop]) -> str:
    today = [stop for stop in stops if stop.covers(day)]
    if any(stop.reason not in OF_THE_COMPANY for stop in today):
        return "law"
    still = {stop.task for stop in today}
    if None not in still and any(turn.works_on(day) and turn.task not in still for turn in turns):
        return "work"
    return "company" if today else "queue"


def _whose_task(day: dt.date, turn: Turn, stops: Sequence[Stop]) -> str:
    for stop in stops:
        if stop.covers(day):
            return "company" if stop.reason in OF_THE_COMPANY else "law"
    return "work" if turn.works_on(day) else "queue"


def _count(whose: Iterable[str]) -> Split:
    counted = {"company": 0, "law": 0, "queue": 0, "work": 0}
    for name in whose:
        counted[name] += 1
    return Split(**counted)
