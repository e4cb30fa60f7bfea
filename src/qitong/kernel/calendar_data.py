"""What a year's holiday notice says, and the years built in.

A year is *official* when the State Council's General Office has announced its rest days and make-up
days, and *provisional* until then. A provisional year counts weekends and the statutory holidays of
the Regulation on Public Holidays (全国年节及纪念日放假办法 as revised in 2024, in force since 2025),
and nothing that only a notice can settle: no make-up days, no days in lieu of a holiday that falls on
a weekend. ``tools/seed_calendars.py`` writes the built-in table.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

EARLIEST, LATEST = 1990, 2200
"""No calendar reaches beyond these years, so that a mistyped year cannot ask for endless tables."""

SPRING_FESTIVAL_DAYS = 4  # the eve and the first three days
LABOUR_DAYS = 2
NATIONAL_DAYS = 3
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's facts: ``holidays`` (date → name) and ``make_up_days`` (weekend days worked).

    A notice may also speak of late December of the year before (New Year's rest), so dates lie
    between 1 December ``year - 1`` and 31 December ``year``. Rest on ordinary weekends need not be
    listed. ``notice`` is the document number, empty when it is not known for certain. Refuses
    (``calendar_year``) dates outside that span and a day that is both a holiday and a make-up day.
    """

    year: int
    notice: str
    holidays: Mapping[dt.date, str]
    make_up_days: frozenset[dt.date]
    provisional: bool = False

    def __post_init__(self) -> None:
        if not EARLIEST <= self.year <= LATEST:
            raise _refused(year_out_of_range())
        for day in (*self.holidays, *self.make_up_days):
            if not within(self.year, day):
                raise _refused(not_of_year(day, self.year))
        for day in sorted(self.make_up_days.intersection(self.holidays)):
            raise _refused(both(day))
        object.__setattr__(self, "holidays", MappingProxyType(dict(sorted(self.holidays.items()))))

    def to_json(self) -> dict[str, Any]:
        """Plain data for a table or a file; ``from_json`` and ``parse_year_file`` read it back."""
        return {
            "year": self.year,
            "notice": self.notice,
            "holidays": {day.isoformat(): name for day, name in self.holidays.items()},
            "make_up_days": [day.isoformat() for day in sorted(self.make_up_days)],
            "provisional": self.provisional,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CalendarYear:
        """The year written by :meth:`to_json`."""
        return cls(
            year=int(data["year"]),
            notice=str(data["notice"]),
            holidays={dt.date.fromisoformat(day): str(name) for day, name in data["holidays"].items()},
            make_up_days=frozenset(map(dt.date.fromisoformat, data["make_up_days"])),
            provisional=bool(data["provisional"]),
        )


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("calendars.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = json.loads(text)
    return table


def official_years() -> dict[int, CalendarYear]:
    """The announced years built in, 2004 to 2026."""
    return {
        int(year): CalendarYear.from_json({"year": year, "provisional": False, **facts})
        for year, facts in _table()["years"].items()
    }


def last_known_festival_year() -> int:
    """The last year whose lunar festivals are built in."""
    return max(map(int, _table()["festivals"]))


def provisional_year(year: int) -> CalendarYear:
    """``year`` as the regulation alone has it; beyond the festivals known, fixed days only."""
    new_year, labour, national = dt.date(year, 1, 1), dt.date(year, 5, 1), dt.date(year, 10, 1)
    days: list[tuple[dt.date, str]] = [(new_year, "元旦")]
    festivals = _table()["festivals"].get(str(year))
    if festivals:
        spring, qingming, dragon_boat, mid_autumn = map(dt.date.fromisoformat, festivals)
        days += [(spring + (i - 1) * DAY, "春节") for i in range(SPRING_FESTIVAL_DAYS)]
        days += [(qingming, "清明节"), (dragon_boat, "端午节"), (mid_autumn, "中秋节")]
    days += [(labour + i * DAY, "劳动节") for i in range(LABOUR_DAYS)]
    days += [(national + i * DAY, "国庆节") for i in range(NATIONAL_DAYS)]
    holidays: dict[dt.date, str] = {}
    for day, name in days:  # Mid-Autumn may fall on National Day
        holidays[day] = f"{holidays[day]}、{name}" if day in holidays else name
    return CalendarYear(year, "", holidays, frozenset(), provisional=True)


def iso_date(text: str) -> dt.date | None:
    """``YYYY-MM-DD`` and nothing else; ``None`` when it is not such a date."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def within(year: int, day: dt.date) -> bool:
    """Whether the notice of ``year`` may speak of ``day``."""
    return dt.date(year - 1, 12, 1) <= day <= dt.date(year, 12, 31)


def _refused(why: Sentence) -> Refused:
    return Refused(why, code="calendar_year", field="year")


def year_out_of_range() -> Sentence:
    """Why a year is refused."""
    return say("年份应在{first}年至{last}年之间。", first=EARLIEST, last=LATEST)


def not_of_year(day: dt.date, year: int) -> Sentence:
    """Why a day is refused in a year's facts."""
    return say("{day}不属于{year}年的放假安排。", day=day, year=year)


def both(day: dt.date) -> Sentence:
    """Why a day listed as rest and as work is refused."""
    return say("{day}不能既放假又上班。", day=day)
