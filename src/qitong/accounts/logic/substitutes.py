"""Who stands in for whom on one day."""

from __future__ import annotations

from collections.abc import Mapping


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
