"""Moments and days: the office lives by the date in Shanghai."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_date(at: dt.datetime) -> dt.date:
    """Return the Shanghai date of an aware moment."""
    return at.astimezone(SHANGHAI).date()


def weekly(rota: Mapping[int, int], starts: dt.date, ends: dt.date) -> dict[dt.date, int]:
    """Spread a weekly rota (0 is Monday → a person) over the days from ``starts`` to ``ends``.

    Both ends are included; a weekday the rota leaves out has nobody.
    """
    days = (starts + dt.timedelta(days=n) for n in range((ends - starts).days + 1))
    return {day: rota[day.weekday()] for day in days if day.weekday() in rota}
