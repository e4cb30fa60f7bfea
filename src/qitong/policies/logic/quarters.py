"""Quarters of the calendar year (季度): the first is January to March."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from qitong.policies.logic.coming import Span

_WRITTEN = re.compile(r"([0-9]{4})Q([1-4])", re.ASCII)
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Written ``2027Q1``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}Q{self.number}"

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def until(self) -> dt.date:
        """The first day of the next one."""
        return self.next.first

    @property
    def span(self) -> Span:
        return Span(self.first, self.until)

    @property
    def next(self) -> Quarter:
        return self.later(1)

    def later(self, n: int) -> Quarter:
        """So many quarters later; earlier for a negative number."""
        year, index = divmod(self.year * 4 + self.number - 1 + n, 4)
        return Quarter(year, index + 1)


def quarter_of(day: dt.date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def read(text: str) -> Quarter | None:
    """What was written; None when it is no quarter between 2000 and 2100."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not EARLIEST <= int(found[1]) <= LATEST:
        return None
    return Quarter(int(found[1]), int(found[2]))
