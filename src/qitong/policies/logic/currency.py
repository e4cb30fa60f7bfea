"""Which year a fact speaks of on a day, and how long it can still be relied on.

"Last year's sales" asked in 2026 are those of 2025: the same answer is this year's fact and not next year's.
A fact that is out of date is unknown, and unknown is never yes.
"""

from __future__ import annotations

import datetime as dt

from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind

ASK_AGAIN = dt.timedelta(days=30)
"""So long nobody is asked what they said they do not know."""
_YEARS_BACK = {"last_year": 1, "this_year": 0, "last_two_years": 1, "last_three_years": 1}
_GOOD_FOR = {
    "now": dt.timedelta(days=366),
    "last_12_months": dt.timedelta(days=92),
    "filing_period": dt.timedelta(days=92),
}


def year_of(spec: FieldSpec, on: dt.date) -> int | None:
    """The last year the fact speaks of when asked on ``on``; None when it speaks of the day itself."""
    back = _YEARS_BACK.get(spec.period)
    return None if back is None else on.year - back


def good_since(spec: FieldSpec, on: dt.date) -> dt.date | None:
    """The first day from which a fact of the day still says something on ``on``; None: its year decides."""
    if spec.kind is Kind.DATE or year_of(spec, on) is not None:
        return None
    return on - _GOOD_FOR.get(spec.period, _GOOD_FOR["now"])


def reach(spec: FieldSpec) -> tuple[int | None, int]:
    """What :func:`span` reckons with, but for dates: so many years back; else, good for so many days."""
    return _YEARS_BACK.get(spec.period), _GOOD_FOR.get(spec.period, _GOOD_FOR["now"]).days


def is_current(spec: FieldSpec, *, year: int | None, as_of: dt.date, on: dt.date) -> bool:
    """Whether a fact of that year, true on ``as_of``, still says something on ``on``; a date always does."""
    if as_of > on:
        return False
    if spec.kind is Kind.DATE:
        return True
    since = good_since(spec, on)
    return year == year_of(spec, on) if since is None else as_of >= since


def span(spec: FieldSpec, *, year: int | None, as_of: dt.date) -> tuple[dt.date, dt.date | None] | None:
    """The days on which :func:`is_current` holds, closed-open; None for no day, a last of None for ever."""
    if spec.kind is Kind.DATE:
        return as_of, None
    back = _YEARS_BACK.get(spec.period)
    if back is None:
        return as_of, as_of + _GOOD_FOR.get(spec.period, _GOOD_FOR["now"]) + dt.timedelta(days=1)
    if year is None:
        return None
    first, until = (dt.date(year + back + more, 1, 1) for more in (0, 1))
    return (max(as_of, first), until) if as_of < until else None
