"""When a company is told of a window it can use: when it opens, and once more before it closes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar
from qitong.policies.logic.coming import end_of
from qitong.policies.logic.standing import Validity, Window

DAYS_BEFORE = 10
"""Working days before the last day."""


class Call(StrEnum):
    OPENS = "opens"
    CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class Due:
    """``due_on``: from when it is to be told; ``window``: the part of it in which the policy holds."""

    kind: Call
    due_on: dt.date
    window: Window


def due(validity: Validity, calendar: Calendar, on: dt.date) -> Iterator[Due]:
    """What is to be told of on ``on``, however late; nothing of windows that are over or still to come."""
    end = end_of(validity)
    for announced in validity.windows:
        opens = max(announced.opens, validity.since)
        window = Window(opens, min(announced.until, end or announced.until))
        if not opens <= on < window.until:
            continue
        yield Due(Call.OPENS, opens, window)
        reminder = closing_from(window, calendar)
        if reminder <= on:
            yield Due(Call.CLOSES, reminder, window)


def closing_from(window: Window, calendar: Calendar) -> dt.date:
    """From when its end is near; a short window is near its end from its first day."""
    try:
        return max(window.opens, calendar.add(window.last, -DAYS_BEFORE))
    except Refused:  # no calendar knows that year: the day after the year's holidays are unknown is no day
        return max(window.opens, window.last - dt.timedelta(days=2 * DAYS_BEFORE))
