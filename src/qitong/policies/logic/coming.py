"""What comes in a quarter or another span: policies that begin or end, windows in which to apply.

Days are read from the validity alone (:mod:`standing`); nothing here looks at a company. A window that has
not been announced is *expected* when there was one a year before: an expectation is told as one, and nobody
is reminded of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.words import Sentence, say
from qitong.kernel.workdays import Calendar
from qitong.policies.logic.standing import Validity, Window

LEAD = 10
"""Working days for gathering, signing and sealing, before those for each thing that is lacking."""
MOST_LEAD = 30
_DAY = dt.timedelta(days=1)


class Sort(StrEnum):
    BEGINS = "begins"
    CHANGES = "changes"
    """A new version takes effect."""
    ENDS = "ends"
    WINDOW = "window"
    EXPECTED = "expected"
    """A window that is not announced; there was one a year before."""
    DRAFT = "draft"
    """In preparation; it may come otherwise, later or not at all."""


SORT_WORDS: Mapping[Sort, Sentence] = {
    Sort.BEGINS: say("新施行"),
    Sort.CHANGES: say("新版本生效"),
    Sort.ENDS: say("即将到期"),
    Sort.WINDOW: say("申报窗口"),
    Sort.EXPECTED: say("预计窗口"),
    Sort.DRAFT: say("起草中"),
}


@dataclass(frozen=True, slots=True)
class Coming:
    """``first``: the day it takes effect, the last day in force, or on which a window opens; ``last``: its
    last day, None for anything but a window."""

    sort: Sort
    policy: str
    first: dt.date
    last: dt.date | None = None

    @property
    def ready_by(self) -> dt.date:
        """The day on which everything has to be there."""
        return self.last or self.first

    def is_over(self, on: dt.date) -> bool:
        return self.ready_by < on

    def judged_on(self, on: dt.date) -> dt.date:
        """The day a company is judged for: its first, or today when that is past."""
        return max(self.first, on)


def end_of(validity: Validity) -> dt.date | None:
    """The first day on which it no longer holds, by its own end or because its successor has begun."""
    days = [day for day in (validity.until, validity.successor_since) if day is not None]
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` on, before ``until``."""

    first: dt.date
    until: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day < self.until

    @property
    def last(self) -> dt.date:
        return self.until - _DAY


def within(validities: Mapping[str, Validity], span: Span, on: dt.date) -> list[Coming]:
    """Everything of these policies in the span, by day. Only what is expected depends on today (``on``)."""
    found = [one for code, each in validities.items() for one in _of_policy(code, each, span, on)]
    return in_order(found)


def in_order(found: list[Coming]) -> list[Coming]:
    return sorted(found, key=lambda one: (one.first, one.policy, one.sort))


def _of_policy(code: str, validity: Validity, span: Span, on: dt.date) -> Iterator[Coming]:
    end = end_of(validity)
    if end is not None and end <= validity.since:
        return  # replaced before it began
    if validity.since in span:
        yield Coming(Sort.BEGINS, code, validity.since)
    if end is not None and end - _DAY in span:
        yield Coming(Sort.ENDS, code, end - _DAY)
    for window in validity.windows:
        if clipped := _part(window, validity, span):
            yield Coming(Sort.WINDOW, code, clipped.opens, clipped.last)
    guess = _a_year_later(validity.windows)
    if guess and guess.last >= on and (clipped := _part(guess, validity, span)):
        yield Coming(Sort.EXPECTED, code, clipped.opens, clipped.last)


def _part(window: Window, validity: Validity, span: Span) -> Window | None:
    """The part of a window in which the policy holds, when some of it lies in the span."""
    opens = max(window.opens, validity.since)
    until = min(window.until, end_of(validity) or window.until)
    touches = opens < until and opens < span.until and until > span.first
    return Window(opens, until) if touches else None


def _a_year_later(windows: tuple[Window, ...]) -> Window | None:
    """The last announced window, a year on; None for what has none, or has announced further already."""
    last = max(windows, key=lambda window: window.opens, default=None)
    if last is None or last.until - last.opens > dt.timedelta(days=365) or last.until.year >= dt.MAXYEAR:
        return None
    return Window(year_later(last.opens), year_later(last.last) + _DAY)


def year_later(day: dt.date) -> dt.date:
    """The same day of the next year; of a leap day, the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def begin_by(calendar: Calendar, *, ready_by: dt.date, lacking: int, on: dt.date) -> dt.date:
    """The day by which a company has to begin, never before today.

    Ten working days before everything has to be there, and one more for each paper or figure that is lacking,
    thirty at most. Refuses (``out_of_calendar``) what no calendar knows.
    """
    return max(on, calendar.add(ready_by, -min(LEAD + lacking, MOST_LEAD)))
