"""Working days: when a promise falls due, and why.

    >>> official().add(dt.date(2026, 9, 30), 7)
    datetime.date(2026, 10, 15)

The rules, in one place:

* The day of receipt does not count; the limit ends with its last day (民法典 art. 201–203,
  行政许可法 art. 82: licence periods are working days).
* Make-up days (调休) are working days although they fall on a weekend.
* A pause (行政许可法 art. 45) takes whole days out of the count: those in [start, end).
* A limit in calendar days whose last day is not a working day ends on the next working day
  (民法典 art. 203).
* A year without a notice is provisional: whatever touches it says so.

Everything here is arithmetic on tables built once per calendar. Dates are dates in Shanghai.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from qitong.kernel.calendar_data import (
    EARLIEST,
    LATEST,
    CalendarYear,
    last_known_festival_year,
    official_years,
    provisional_year,
)
from qitong.kernel.errors import Refused
from qitong.kernel.limits import (
    SHANGHAI,
    Due,
    Limit,
    LimitUnit,
    OfficeHours,
    Pause,
    PauseReason,
    Spans,
    paused_spans,
    promise_pauses,
)
from qitong.kernel.words import Sentence, say

__all__ = [
    "EARLIEST",
    "LATEST",
    "SHANGHAI",
    "Calendar",
    "CalendarYear",
    "DayKind",
    "DayLine",
    "Due",
    "Limit",
    "LimitUnit",
    "OfficeHours",
    "Pause",
    "PauseReason",
    "due",
    "elapsed",
    "official",
    "parse_year_file",
    "promise_pauses",
    "provisional_year",
    "receipt_day",
]


class DayKind(StrEnum):
    """What a day is in a count."""

    RECEIPT = "receipt"
    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of :meth:`Calendar.explain`; ``counted`` is its number, ``None`` if it does not count.

    ``name`` is the holiday's name where it is known, ``reason`` the pause's where there is one.
    """

    on: dt.date
    kind: DayKind
    counted: int | None = None
    name: str = ""
    reason: PauseReason | None = None

    def say(self) -> Sentence:
        """Why the day counts or does not, for a person."""
        if self.kind is DayKind.HOLIDAY and self.name:
            return say("{name}放假，不计入", name=self.name)
        if self.kind is DayKind.PAUSED and self.reason:
            return say("计时暂停（{why}），不计入", why=self.reason.say())
        if self.counted == 0:
            return say("工作日，当日办结")
        return say(_LINES[self.kind].text, k=self.counted)


_LINES = {
    DayKind.RECEIPT: say("收到当日，不计入"),
    DayKind.WORKDAY: say("工作日，计第{k}天"),
    DayKind.MAKE_UP: say("调休上班，计第{k}天"),
    DayKind.WEEKEND: say("周末，不计入"),
    DayKind.HOLIDAY: say("法定节假日，不计入"),
    DayKind.PAUSED: say("计时暂停，不计入"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Working days over consecutive years, as tables that answer in constant time.

    Built from year facts; years missing in between are filled with provisional ones. Where two
    notices speak of the same day, the later year's holds. Any date outside the years is refused
    (``out_of_calendar``): the calendar never guesses and never searches without end.
    """

    years: Mapping[int, CalendarYear]
    first: dt.date = field(init=False, repr=False)
    last: dt.date = field(init=False, repr=False)
    # _before[i]: working days before the i-th day; one longer than the days, so _before[i + 1] includes it.
    _before: tuple[int, ...] = field(init=False, repr=False)
    _workdays: tuple[dt.date, ...] = field(init=False, repr=False)
    _holidays: Mapping[dt.date, str] = field(init=False, repr=False)
    _origin: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.years:
            raise Refused(say("日历中没有任何年份。"), code="calendar_year", field="year")
        span = range(min(self.years), max(self.years) + 1)
        years = {y: self.years[y] if y in self.years else provisional_year(y) for y in span}
        holidays, made_up = _merged(years.values())
        first, last = dt.date(span[0], 1, 1), dt.date(span[-1], 12, 31)
        origin = first.toordinal()
        before, workdays = [0], []
        for ordinal in range(origin, last.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            # Ordinal 1 was a Monday: 6 and 0 modulo 7 are Saturday and Sunday.
            if day in made_up or (0 < ordinal % 7 < 6 and day not in holidays):
                workdays.append(day)
            before.append(len(workdays))
        facts = {
            "years": MappingProxyType(years),
            "first": first,
            "last": last,
            "_before": tuple(before),
            "_workdays": tuple(workdays),
            "_holidays": MappingProxyType(holidays),
            "_origin": origin,
        }
        for name, value in facts.items():
            object.__setattr__(self, name, value)

    def with_years(self, years: Mapping[int, CalendarYear]) -> Calendar:
        """A new calendar in which ``years`` replace this one's, or extend it."""
        return Calendar({**self.years, **years})

    def day(self, ordinal: int) -> dt.date:
        """The date with this proleptic ordinal; refuses (``out_of_calendar``) one outside."""
        if not 0 <= ordinal - self._origin < len(self._before) - 1:
            raise self._beyond()
        return dt.date.fromordinal(ordinal)

    def is_workday(self, day: dt.date) -> bool:
        """Whether work is done on ``day``."""
        i = self._index(day)
        return self._before[i + 1] != self._before[i]

    def is_provisional(self, day: dt.date) -> bool:
        """Whether the notice for ``day``'s year is still to come."""
        self._index(day)
        return self.years[day.year].provisional

    def touches_provisional(self, first: dt.date, last: dt.date) -> bool:
        """Whether any year from ``first``'s to ``last``'s (either order) is provisional."""
        self._index(first)
        self._index(last)
        span = range(min(first.year, last.year), max(first.year, last.year) + 1)
        return any(self.years[y].provisional for y in span)

    def add(self, start: dt.date, n: int) -> dt.date:
        """The ``n``-th working day after ``start``, which itself does not count.

        ``n = 0`` is ``start`` when it is a working day and the next working day otherwise; a
        negative ``n`` counts working days before ``start`` (for reminders ahead of a date).
        Refuses (``out_of_calendar``) when the answer, or ``start``, lies outside the calendar.
        """
        i = start.toordinal() - self._origin
        before = self._before
        if 0 <= i < len(before) - 1:
            k = before[i + 1] + n - 1 if n > 0 else before[i] + n
            if 0 <= k < len(self._workdays):
                return self._workdays[k]
        raise self._beyond()

    def add_many(self, starts: Iterable[dt.date], n: int) -> list[dt.date]:
        """:meth:`add` for many dates with the same ``n``; refuses as a whole if any one is refused."""
        origin, before, workdays = self._origin, self._before, self._workdays
        # n > 0 looks at the count after the day, otherwise before it; see add().
        shift, k = (1 - origin, n - 1) if n > 0 else (-origin, n)
        slots = [day.toordinal() + shift for day in starts]
        if not slots:
            return []
        low, high = min(slots), max(slots)
        first = shift + origin  # the slot of the calendar's first day
        if low < first or high >= len(before) - 1 + first:
            raise self._beyond()
        if before[low] + k < 0 or before[high] + k >= len(workdays):
            raise self._beyond()
        return [workdays[before[i] + k] for i in slots]

    def between(self, a: dt.date, b: dt.date) -> int:
        """Working days in (a, b]: "how many days later". Negative when ``b`` lies before ``a``."""
        return self._before[self._index(b) + 1] - self._before[self._index(a) + 1]

    def explain(
        self, start: dt.date, n: int, pauses: Sequence[Pause] = (), *, today: dt.date | None = None
    ) -> list[DayLine]:
        """One line a day from ``start`` to the ``n``-th counted working day, with the reason.

        Ends on ``due(self, start, Limit(n), pauses, today).on`` and refuses what that refuses,
        and a negative ``n`` (``negative``).
        """
        if n == 0 and self.is_workday(start):
            return [DayLine(start, self._kind(start), 0)]
        end = due(self, start, Limit(max(n, 1) if n >= 0 else n), pauses, today).on
        spans = paused_spans(pauses, after=start, today=today)
        lines = [DayLine(start, DayKind.RECEIPT)]
        counted = 0 if n else -1  # with n = 0 the next working day is the day itself, number 0
        for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            if not self.is_workday(day):
                lines.append(DayLine(day, self._kind(day), name=self._holidays.get(day, "")))
            elif spans.cover(ordinal):
                lines.append(DayLine(day, DayKind.PAUSED, reason=_reason(pauses, day, today)))
            else:
                counted += 1
                lines.append(DayLine(day, self._kind(day), counted))
        return lines

    def _kind(self, day: dt.date) -> DayKind:
        if self.is_workday(day):
            return DayKind.WORKDAY if day.weekday() < 5 else DayKind.MAKE_UP
        return DayKind.HOLIDAY if day in self._holidays else DayKind.WEEKEND

    def _index(self, day: dt.date) -> int:
        i = day.toordinal() - self._origin
        if not 0 <= i < len(self._before) - 1:
            raise self._beyond()
        return i

    def _beyond(self) -> Refused:
        return Refused(
            say("日历只覆盖{first}至{last}，无法推算到此范围之外。", first=self.first, last=self.last),
            code="out_of_calendar",
            field="date",
        )


def _merged(years: Iterable[CalendarYear]) -> tuple[dict[dt.date, str], set[dt.date]]:
    """All holidays and make-up days; ``years`` in order, so that the later notice has the last word."""
    holidays: dict[dt.date, str] = {}
    made_up: set[dt.date] = set()
    for year in years:
        made_up.difference_update(year.holidays)
        for day in year.make_up_days:
            holidays.pop(day, None)
        holidays.update(year.holidays)
        made_up.update(year.make_up_days)
    return holidays, made_up


def _reason(pauses: Iterable[Pause], day: dt.date, today: dt.date | None) -> PauseReason | None:
    return next((p.reason for p in pauses if p.start <= day < p.end_or(today)), None)


@cache
def official() -> Calendar:
    """The calendar built in: announced years, then provisional ones to the last known festivals."""
    years = official_years()
    coming = range(max(years) + 1, last_known_festival_year() + 1)
    return Calendar({**years, **{year: provisional_year(year) for year in coming}})


def parse_year_file(text: str) -> CalendarYear:
    """A year's notice from a YAML or JSON text; see :func:`qitong.kernel.calendar_file.parse`."""
    from qitong.kernel.calendar_file import parse  # YAML is needed once a year, not at every start

    return parse(text)


def due(
    calendar: Calendar,
    start: dt.date,
    limit: Limit,
    pauses: Sequence[Pause] = (),
    today: dt.date | None = None,
) -> Due:
    """When ``limit`` ends that began with receipt on ``start``.

    Days in pauses do not count; an open pause is taken to end ``today``, which it then requires.
    ``Due.paused_days`` counts what pauses took out, in the limit's own unit. Refuses a limit
    without days (``no_limit``) and what lies outside the calendar (``out_of_calendar``).
    """
    spans = paused_spans(pauses, after=start, today=today)
    match limit.unit:
        case LimitUnit.WD:
            on, paused = _due_working(calendar, start, limit.days, spans)
        case LimitUnit.CD:
            on, paused = _due_calendar(calendar, start, limit.days, spans)
        case LimitUnit.NONE:
            raise Refused(say("该事项没有办理时限。"), code="no_limit", field="limit")
    return Due(on, calendar.touches_provisional(start, on), paused)


def _due_working(calendar: Calendar, start: dt.date, n: int, spans: Spans) -> tuple[dt.date, int]:
    if n == 0 and calendar.is_workday(start):
        return start, 0
    n = max(n, 1)
    on, paused = calendar.add(start, n), 0
    for low, high in spans:
        if on.toordinal() < low:
            break
        paused += calendar.between(dt.date.fromordinal(low - 1), dt.date.fromordinal(high - 1))
        on = calendar.add(start, n + paused)
    return on, paused


def _due_calendar(calendar: Calendar, start: dt.date, n: int, spans: Spans) -> tuple[dt.date, int]:
    end, paused = start.toordinal() + n, 0
    for low, high in spans:
        if end < low:
            break
        end += high - low
        paused += high - low
    # From here the end only moves to a working day on which the clock runs; each pause is left once.
    for low, high in ((0, 0), *spans):
        if low <= end < high:
            end = high
        end = calendar.add(calendar.day(end), 0).toordinal()
    return dt.date.fromordinal(end), paused


def elapsed(
    calendar: Calendar,
    start: dt.date,
    today: dt.date,
    pauses: Sequence[Pause] = (),
    *,
    unit: LimitUnit = LimitUnit.WD,
) -> int:
    """The *n* of "day n of m": days of (start, today] that counted; 0 up to and on ``start``.

    On the day a working-day limit falls due it equals the limit. In ``cd`` it counts calendar days.
    """
    if today <= start:
        return 0
    counted = calendar.between(start, today) if unit is LimitUnit.WD else (today - start).days
    for low, high in paused_spans(pauses, after=start, today=today):
        end = min(high, today.toordinal() + 1)
        if end <= low:
            break
        first, last = dt.date.fromordinal(low - 1), dt.date.fromordinal(end - 1)
        counted -= calendar.between(first, last) if unit is LimitUnit.WD else end - low
    return counted


def receipt_day(calendar: Calendar, at: dt.datetime, hours: OfficeHours) -> dt.date:
    """The day on which something that arrives ``at`` counts as received, in Shanghai.

    On a working day up to the closing minute (or the department's cut-off) it is that day, later or
    on a day off the next working day. ``at`` must know its zone; a naive time is a ``ValueError``.
    """
    if at.tzinfo is None:
        raise ValueError("at must be an aware datetime")
    local = at.astimezone(SHANGHAI)
    late = local.time() > (hours.cut_off or hours.closes)
    return calendar.add(local.date(), 1 if late else 0)
