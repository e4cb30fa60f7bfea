"""The calendar moves: a fact that goes out of date, or an age that is reached, has just that company judged.

The next day is computed and kept in the transaction that keeps the fact (:func:`plan`); the timer takes what
is due and not yet done, in batches, and sets the next day in the transaction that judged.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db import connection, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.policies import editions, gathering
from qitong.policies.features import REGISTERED
from qitong.policies.foresight_models import Lapse
from qitong.policies.library import Library
from qitong.policies.logic import keeping
from qitong.policies.logic.currency import reach
from qitong.policies.logic.lapses import Marks, age_marks, comes_of_age, moves_on
from qitong.policies.logic.turns import Cause
from qitong.policies.logic.units import Kind
from qitong.policies.turning import Why, judge

BATCH = 500
"""Companies in one transaction."""
EACH = 20
"""So many facts of a company are expected to move on one day; with more, batches are smaller."""
_AGES = {REGISTERED: {"months_since_registration": Kind.MONTHS}}
Key = tuple[int, str]


def plan(keys: Collection[int], names: Collection[str], *, on: dt.date) -> None:
    """Keep for each of these facts of these companies the next day after ``on`` on which it changes.

    Figures by one statement; dates, which make a company come of an age, one by one.
    """
    library = editions.on_day(on).library
    specs = [spec for name in names if (spec := library.fields.get(name)) is not None]
    dates = [spec.name for spec in specs if spec.kind is Kind.DATE]
    reaches = [(spec.name, *reach(spec)) for spec in specs if spec.kind is not Kind.DATE]
    columns = zip(*reaches, strict=True) if reaches else ((), (), ())
    with connection.cursor() as cursor:
        known = dict(zip(("names", "backs", "goods"), map(list, columns), strict=True))
        cursor.execute(_PLAN, {**known, "keys": list(keys), "all": sorted(set(names) - set(dates)), "on": on})
    if dates:
        _plan_dates(keys, dates, library, on)


_PLAN = """
WITH revoked AS MATERIALIZED (
    SELECT id FROM datashare_consent WHERE enterprise_id = ANY(%(keys)s) AND revoked_at IS NOT NULL
), newest AS (
    SELECT DISTINCT ON (f.enterprise_id, f.name, f.year) f.enterprise_id, f.name, f.year, f.as_of, f.value
    FROM policies_companyfact f
    WHERE f.enterprise_id = ANY(%(keys)s) AND f.name = ANY(%(names)s)
        AND (f.consent_id IS NULL OR f.consent_id NOT IN (SELECT id FROM revoked))
    ORDER BY f.enterprise_id, f.name, f.year, f.given_at DESC, f.id DESC
), spans AS (
    SELECT n.enterprise_id, n.name,
        CASE WHEN s.back IS NULL THEN n.as_of
            ELSE greatest(n.as_of, make_date(n.year + s.back, 1, 1)) END AS first,
        CASE WHEN s.back IS NULL THEN n.as_of + s.good + 1
            ELSE make_date(n.year + s.back + 1, 1, 1) END AS until
    FROM newest n JOIN unnest(%(names)s::text[], %(backs)s::int[], %(goods)s::int[]) AS s (name, back, good)
        ON s.name = n.name
    WHERE n.value IS NOT NULL AND (s.back IS NULL OR n.year IS NOT NULL)
), days AS (
    SELECT enterprise_id, name, min(CASE WHEN first > %(on)s THEN first ELSE until END) AS due_on
    FROM spans WHERE first < until AND until > %(on)s GROUP BY enterprise_id, name
), gone AS (
    DELETE FROM policies_lapse l WHERE l.enterprise_id = ANY(%(keys)s) AND l.name = ANY(%(all)s)
        AND NOT EXISTS (SELECT FROM days d WHERE (d.enterprise_id, d.name) = (l.enterprise_id, l.name))
)
INSERT INTO policies_lapse (enterprise_id, name, due_on)
SELECT enterprise_id, name, due_on FROM days ORDER BY enterprise_id, name
ON CONFLICT (enterprise_id, name) DO UPDATE SET due_on = excluded.due_on
WHERE policies_lapse.due_on <> excluded.due_on
"""
"""The same as :func:`moves_on`, for many: the span of each newest figure, and which end of it comes next."""


def _plan_dates(keys: Collection[int], names: Collection[str], library: Library, on: dt.date) -> None:
    found = dict(_next_days(keys, names, library, on))
    there = Lapse.objects.filter(enterprise_id__in=keys, name__in=names)
    gone = [row.pk for row in there if (row.enterprise_id, row.name) not in found]
    if gone:
        Lapse.objects.filter(pk__in=gone).delete()
    Lapse.objects.bulk_create(
        [Lapse(enterprise_id=key, name=name, due_on=day) for (key, name), day in sorted(found.items())],
        update_conflicts=True,
        unique_fields=["enterprise", "name"],
        update_fields=["due_on"],
    )


def _next_days(
    keys: Collection[int], names: Collection[str], library: Library, on: dt.date
) -> Iterator[tuple[Key, dt.date]]:
    fields, marks = library.fields, marks_of(library, names)
    days: defaultdict[Key, list[dt.date]] = defaultdict(list)
    rows = gathering.newest(keys).filter(name__in=names)
    columns = ("enterprise_id", "name", "year", "as_of", "unit", "value")
    for key, name, year, as_of, unit, value in rows.values_list(*columns):
        spec = fields[name]
        moves = [moves_on(spec, year=year, as_of=as_of, on=on)]
        date = keeping.known(spec, unit, value)
        if isinstance(date, dt.date):
            moves.append(comes_of_age(date, marks[name], on))
        if value is not None:
            days[key, name] += [day for day in moves if day is not None]
    return ((key, min(found)) for key, found in days.items() if found)


def marks_of(library: Library, names: Collection[str]) -> dict[str, Marks]:
    """For each of these facts that is a date, the ages that some policy asks for."""
    rules = [entry.rule for entry in library.entries.values()]
    fields = library.fields
    dates = [name for name in names if name in fields and fields[name].kind is Kind.DATE]
    return {name: age_marks(rules, name, _AGES.get(name, {})) for name in dates}


def dates_of(asked: Collection[str], library: Library) -> list[str]:
    """Of the facts a policy asks for the dates, themselves or behind an age."""
    behind = {date for date, ages in _AGES.items() if not ages.keys().isdisjoint(asked)}
    fields = library.fields
    return sorted(behind | {name for name in asked if name in fields and fields[name].kind is Kind.DATE})


def run(*, by: Actor, at: dt.datetime, batch: int = BATCH) -> int:
    """Judge again whom a day has come for; how many companies. Late is not too late."""
    judged = 0
    while (count := step(by=by, at=at, batch=batch)) is not None:
        judged += count
    return judged


@transaction.atomic
def step(*, by: Actor, at: dt.datetime, batch: int = BATCH) -> int | None:
    """The next batch; None when nothing is due. Companies are locked first, as by whoever answers."""
    on = day_of(at)
    due = Lapse.objects.filter(due_on__lte=on).order_by("due_on", "pk")
    rows = due.values_list("enterprise_id", flat=True)[: batch * EACH]
    wanted = list(dict.fromkeys(rows))[:batch]
    if not wanted:
        return None
    locked = Enterprise.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    keys = list(locked.values_list("pk", flat=True))
    # Another worker may have been quicker: what is still due now is ours.
    names = _due_names(keys, on)
    moved = {name for each in names.values() for name in each}
    library = editions.on_day(on).library
    # Together, for what they share is read once: a policy that did not move for one of them finds nothing.
    codes = gathering.using(library, moved)
    if codes:
        judge(list(names), codes, Why(Cause.CALENDAR), by=by, at=at)
    plan(list(names), moved, on=on)
    return len(names)


def _due_names(keys: Collection[int], on: dt.date) -> dict[int, set[str]]:
    """Of each company the facts that have moved."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows = Lapse.objects.filter(enterprise__in=keys, due_on__lte=on)
    for key, name in rows.values_list("enterprise_id", "name"):
        found[key].add(name)
    return dict(found)


__all__ = ["BATCH", "dates_of", "marks_of", "plan", "run", "step"]
