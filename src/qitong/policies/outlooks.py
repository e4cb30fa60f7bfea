"""For how many companies what comes would be: counted over all of them, a batch at a time, and kept.

A company is judged as of the day something begins or a window opens, by what is known of it on the day of the
count: nobody knows today next year's figures of last year, and taking them for unknown would say nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import connection, transaction

from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.policies import editions, foresight
from qitong.policies.foresight import Item
from qitong.policies.foresight_models import Estimate, Outlook
from qitong.policies.library import Library
from qitong.policies.logic import quarters
from qitong.policies.logic.quarters import Quarter
from qitong.policies.logic.rule import FieldSpec

if TYPE_CHECKING:  # pages do without the engine
    from qitong.policies.engines.estimate import Part

BATCH = 50_000
"""Companies in one transaction: as columns, they take a few seconds."""
AHEAD = 2
"""This quarter is counted, and so many after it."""
GOOD_FOR = dt.timedelta(days=7)
"""After so long it is counted anew, for companies say new things."""


def quarters_ahead(on: dt.date) -> list[Quarter]:
    return [quarters.quarter_of(on).later(n) for n in range(AHEAD + 1)]


def run(*, at: dt.datetime, batch: int = BATCH) -> None:
    """Ask for what has to be counted and count it; what a dead worker left is gone on with."""
    for quarter in quarters_ahead(day_of(at)):
        ask(quarter, at=at)
    waiting = list(Outlook.objects.filter(done_at=None).order_by("quarter").values_list("pk", flat=True))
    read = _Read()
    while waiting:  # side by side, for they are about the same companies
        waiting = [pk for pk in waiting if step(pk, at=at, batch=batch, read=read)]


@transaction.atomic
def ask(quarter: Quarter, *, at: dt.datetime) -> Outlook | None:
    """Begin a count of the quarter, unless the last one still tells; None when there is nothing to begin."""
    on = day_of(at)
    items = foresight.of_quarter(quarter, on)
    contents = foresight.contents(items)
    rows = Outlook.objects.select_for_update().filter(quarter=str(quarter))
    last = rows.order_by("-pk").first()
    if (
        last is not None
        and last.contents == contents
        and (last.done_at is None or on - last.facts_on < GOOD_FOR)
    ):
        return None
    rows.filter(done_at=None).delete()
    registered = Enterprise.objects.count()
    made = Outlook.objects.create(
        quarter=str(quarter), contents=contents, facts_on=on, asked_at=at, registered=registered
    )
    Estimate.objects.bulk_create([_empty(made, item) for item in items])
    return made


def _empty(outlook: Outlook, item: Item) -> Estimate:
    return Estimate(
        outlook=outlook,
        policy=item.coming.policy,
        sort=item.coming.sort.value,
        first=item.coming.first,
        mark=item.mark,
        judged_on=item.coming.judged_on(outlook.facts_on),
    )


class _Read:
    """What was read last: reading the facts takes nearly all the time, and several quarters ask for them."""

    def __init__(self) -> None:
        self._asked: object = None
        self._found: Part | None = None

    def part(self, after: int, most: int, fields: Mapping[str, FieldSpec], on: dt.date) -> Part | None:
        from qitong.policies.engines import estimate

        asked = (after, most, fields, on)
        if self._asked != asked:
            connection.ensure_connection()
            self._found = estimate.part(after, most, fields, on, connection.connection)
            self._asked = asked
        return self._found


@transaction.atomic
def step(pk: int, *, at: dt.datetime, batch: int = BATCH, read: _Read | None = None) -> bool:
    """The next batch; False when nothing is left, or what is counted is no longer what comes."""
    row = Outlook.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    quarter = quarters.read(row.quarter) if row else None
    if row is None or quarter is None:
        return False
    items = foresight.of_quarter(quarter, row.facts_on)
    if foresight.contents(items) != row.contents:
        row.delete()
        return False
    library = editions.on_day(quarter.span.last).library
    if not (items and _tally(row, items, library, batch, read or _Read())):
        Outlook.objects.filter(quarter=row.quarter, done_at__isnull=False).delete()
        row.done_at = at
        row.save(update_fields=["done_at"])
        return False
    row.save(update_fields=["cursor", "judged"])
    return True


def _tally(row: Outlook, items: Sequence[Item], library: Library, batch: int, read: _Read) -> bool:
    """Judge those of the next companies of which something is known, and add it up; False at the end."""
    from qitong.policies.engines import estimate

    fields = {
        **library.fields,
        **{name: spec for item in items for name, spec in item.entry.rule.fields.items()},
    }
    part = read.part(row.cursor, batch, fields, row.facts_on)
    if part is None:
        return False
    there = {(each.policy, each.sort, each.first): each for each in row.estimates.all()}
    rows = [there[item.key] for item in items]
    rules = [(item.entry.rule, one.judged_on) for item, one in zip(items, rows, strict=True)]
    for one, found in zip(
        rows, estimate.tallies(rules, part.facts, fields, library.sizes, library.alike), strict=True
    ):
        one.eligible += found.eligible
        one.manual += found.manual
        one.unknown += found.unknown
        one.near += found.near
        one.missing = dict(Counter(one.missing) + Counter(found.missing))
    Estimate.objects.bulk_update(rows, ["eligible", "manual", "unknown", "near", "missing"])
    row.cursor, row.judged = part.last, row.judged + part.facts.height
    return True


__all__ = ["AHEAD", "BATCH", "ask", "quarters_ahead", "run", "step"]
