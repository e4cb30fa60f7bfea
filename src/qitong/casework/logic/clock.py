"""Two clocks: the promise to the enterprise, which never resets, and one per department task.

Everything here is recomputed from history (start, limit, pauses, calendar); only the result and
the next alarm are stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qitong.kernel.workdays import SHANGHAI, Calendar, Due, Limit, Pause, due, promise_pauses

ZONE = SHANGHAI
ALARM_HOUR = dt.time(9, 0)
"""Reminders are raised from the opening of the office, never at night or on a day off."""

COMMITMENT_REMINDER_DAYS = (3, 1, 0)
"""Working days before the due date: the signer of a commitment is reminded from the first of them on."""


def day_of(at: dt.datetime) -> dt.date:
    """The calendar day of a moment in Asia/Shanghai."""
    return at.astimezone(ZONE).date()


def morning(day: dt.date) -> dt.datetime:
    """The moment on ``day`` from which reminders may be raised."""
    return dt.datetime.combine(day, ALARM_HOUR, ZONE)


def promise_due(
    calendar: Calendar, start: dt.date, limit: Limit, pauses: Sequence[Pause], today: dt.date
) -> Due:
    """When the promise falls due. Only pauses the law lets stop it count (licensing law art. 45)."""
    return due(calendar, start, limit, promise_pauses(pauses), today)


def task_due(
    calendar: Calendar, start: dt.date, limit: Limit, pauses: Sequence[Pause], today: dt.date
) -> Due:
    """When a department's task falls due; every pause of the task counts."""
    return due(calendar, start, limit, pauses, today)


def next_morning(calendar: Calendar, now: dt.datetime) -> dt.datetime:
    """The next opening of the office strictly after ``now``."""
    today = day_of(now)
    if calendar.is_workday(today) and now < morning(today):
        return morning(today)
    return morning(calendar.add(today, 1))


def working_time(calendar: Calendar, now: dt.datetime) -> bool:
    """Whether reminders may be raised at ``now`` (a working day, 09:00 to 17:30)."""
    local = now.astimezone(ZONE)
    return calendar.is_workday(local.date()) and ALARM_HOUR <= local.time() < dt.time(17, 30)


def alarm_for(
    calendar: Calendar, now: dt.datetime, watch_from: Sequence[dt.date], *, quiet: bool = False
) -> dt.datetime | None:
    """The next alarm for a thing that wants attention from each day of ``watch_from`` on.

    The earliest of those days that is still to come; once the first is reached, every working
    morning. ``quiet`` (paused, or the ball is elsewhere) leaves only the days still to come.
    """
    coming = [morning(d) for d in watch_from if morning(d) > now]
    reached = any(morning(d) <= now for d in watch_from)
    if reached and not quiet:
        coming.append(next_morning(calendar, now))
    return min(coming) if coming else None


def warn_day(calendar: Calendar, due_on: dt.date, days: int) -> dt.date:
    """The day from which a due date is near: one working day before, two when more than ten were given."""
    before = 2 if days > 10 else 1
    day = due_on
    # the longest holiday on record is nine days; thirty-one end even on an absurd calendar
    for _ in range(31 * before):
        day -= dt.timedelta(days=1)
        before -= calendar.is_workday(day)
        if before == 0:
            break
    return day
