"""Who stands in for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Away:
    """Whole days, both included, on which somebody else does a person's work (primary keys)."""

    user_id: int
    substitute_id: int
    starts_on: dt.date
    ends_on: dt.date


def resolve(user_id: int, absences: Mapping[int, int]) -> int | None:
    """Return who does the work of ``user_id`` on a day.

    ``absences`` maps everybody absent on that day to their substitute. Somebody present answers
    for themselves; a substitute who is absent too is followed to theirs. None when the chain
    comes back to somebody already asked: then nobody is there.
    """
    asked: set[int] = set()
    current = user_id
    while current in absences:
        if current in asked:
            return None
        asked.add(current)
        current = absences[current]
    return current


def stands_in_for(user_id: int, absences: Mapping[int, int]) -> frozenset[int]:
    """Return everybody whose work comes to ``user_id`` on a day, themselves excluded."""
    return frozenset(
        absent for absent in absences if absent != user_id and resolve(absent, absences) == user_id
    )


def first_uncovered(wanted: Away, others: Sequence[Away]) -> dt.date | None:
    """Return the first day of ``wanted`` on which its chain of substitutes ends with nobody.

    ``others`` are the absences of other people that touch those days. Who is away changes only
    when an absence starts or the day after one ends, so only those days are looked at.
    """
    changes = {wanted.starts_on}
    for other in others:
        changes |= {other.starts_on, other.ends_on + dt.timedelta(days=1)}
    for day in sorted(d for d in changes if wanted.starts_on <= d <= wanted.ends_on):
        away = {o.user_id: o.substitute_id for o in others if o.starts_on <= day <= o.ends_on}
        if resolve(wanted.user_id, {**away, wanted.user_id: wanted.substitute_id}) is None:
            return day
    return None
