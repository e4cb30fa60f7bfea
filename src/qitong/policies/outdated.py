"""What is known of companies and goes out of date in a quarter, whatever the policies do.

What is said of a year is asked anew when the next year begins; anything else has a day of its own, kept with
each company (:mod:`lapsing`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from qitong.policies import editions, gathering
from qitong.policies.foresight_models import Lapse
from qitong.policies.library import Library
from qitong.policies.logic.currency import year_of
from qitong.policies.logic.quarters import Quarter
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind


@dataclass(frozen=True, slots=True)
class Renewed:
    """From ``day`` on these facts are asked for ``year``: what was said of the year before no longer counts.

    ``policies`` in force on the day read one of them, itself or what follows from it.
    """

    day: dt.date
    year: int
    facts: Sequence[FieldSpec]
    policies: int


def renewed(quarter: Quarter) -> list[Renewed]:
    """What turns over with the year, by the year it is asked for: in the first quarter, else nothing."""
    day = quarter.first
    if (day.month, day.day) != (1, 1):
        return []
    library = editions.on_day(day).library
    found: defaultdict[int, list[FieldSpec]] = defaultdict(list)
    for spec in library.fields.values():
        year = None if spec.kind is Kind.DATE else year_of(spec, day)
        if year is not None:
            found[year].append(spec)
    return [
        Renewed(day, year, specs, _policies(library, specs, day)) for year, specs in sorted(found.items())
    ]


def _policies(library: Library, specs: Sequence[FieldSpec], day: dt.date) -> int:
    codes = gathering.using(library, [spec.name for spec in specs])
    return sum(library.entries[code].standing(day).in_force for code in codes)


def lapses(quarter: Quarter, on: dt.date) -> QuerySet[Lapse]:
    """The facts of companies that next change by themselves in the quarter, as known today (``on``)."""
    return Lapse.objects.filter(due_on__gte=max(quarter.first, on), due_on__lt=quarter.until)
