"""How old something is, by the calendar: three years are full on the same day of the third year."""

from __future__ import annotations

import calendar
import datetime as dt

from qitong.policies.logic.units import Kind


def full(unit: Kind, start: dt.date, on: dt.date) -> int | None:
    """Full months or years from ``start`` to ``on``; None when it has not begun.

    From the 31st, a month is full on the last day of a shorter one (Civil Code art. 202).
    """
    if start > on:
        return None
    months = (on.year - start.year) * 12 + on.month - start.month
    last = calendar.monthrange(on.year, on.month)[1]
    if on.day < min(start.day, last):
        months -= 1
    return months if unit is Kind.MONTHS else months // 12
