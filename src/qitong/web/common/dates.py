"""The surfaces' clock, and dates as a reader of the active language expects them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from qitong.kernel.words import Sentence

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """This moment, aware; surfaces pass it down as ``at=``."""
    return timezone.now()


def today() -> dt.date:
    """The Shanghai date of this moment."""
    return timezone.localtime(now(), SHANGHAI).date()


def shown(value: object) -> str:
    """``value`` in the active language, as sentences show their parameters (one rule for both)."""
    return str(Sentence("{it}", {"it": value}))


def day_of(value: dt.date) -> dt.date:
    """The Shanghai date of a date or an aware datetime."""
    return timezone.localtime(value, SHANGHAI).date() if isinstance(value, dt.datetime) else value
