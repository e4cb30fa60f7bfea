"""For how many companies what comes would be: counted over all of them, a batch at a time, and kept.

A company is judged as of the day something begins or a window opens, by what is known of it on the day of the
count: nobody knows today next year's figures of last year, and taking them for unknown would say nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.policies import editions, foresight, gathering
from qitong.policies.features import derived
from qitong.policies.foresight import Item
from qitong.policies.foresight_models import Estimate, Outlook
from qitong.policies.gathering import Facts
from qitong.policies.library import Library
from qitong.policies.logic import quarters
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.quarters import Quarter
from qitong.policies.matching import Match
from qitong.policies.sections import is_near

BATCH = 500
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
    for pk in Outlook.objects.filter(done_at=None).order_by("quarter").values_list("pk", flat=True):
        while step(pk, at=at, batch=batch):
            pass


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


@transaction.atomic
def step(pk: int, *, at: dt.datetime, batch: int = BATCH) -> bool:
    """The next batch; False when nothing is left, or what is counted is no longer what comes."""
    row = Outlook.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    quarter = quarters.read(row.quarter) if row else None
    if row is None or quarter is None:
        return False
    items = foresight.of_quarter(quarter, row.facts_on)
    if foresight.contents(items) != row.contents:
        row.delete()
        return False
    keys = gathering.keys_after(row.cursor, batch) if items else []
    if not keys:
        Outlook.objects.filter(quarter=row.quarter, done_at__isnull=False).delete()
        row.done_at = at
        row.save(update_fields=["done_at"])
        return False
    judged = _tally(row, items, keys, editions.on_day(quarter.span.last).library)
    row.cursor, row.judged = keys[-1], row.judged + judged
    row.save(update_fields=["cursor", "judged"])
    return True


def _tally(row: Outlook, items: Sequence[Item], keys: Sequence[int], library: Library) -> int:
    """Judge those of the batch of which something is known, and add it up; how many they are."""
    fields = {
        **library.fields,
        **{name: spec for item in items for name, spec in item.entry.rule.fields.items()},
    }
    found = gathering.known_of(keys, fields, row.facts_on)
    known = [facts for facts in found.values() if facts]
    there = {(each.policy, each.sort, each.first): each for each in row.estimates.all()}
    facts: dict[dt.date, list[Facts]] = {}
    for item in items:
        estimate = there[item.key]
        on = estimate.judged_on
        if on not in facts:
            facts[on] = [derived(each, on, library) for each in known]
        _add(estimate, item, facts[on])
    Estimate.objects.bulk_update(there.values(), ["eligible", "manual", "unknown", "near", "missing"])
    return len(known)


def _add(estimate: Estimate, item: Item, companies: Sequence[Facts]) -> None:
    missing = Counter(estimate.missing)
    for facts in companies:
        outcome = item.entry.matcher.outcome(facts)
        if outcome is Outcome.ELIGIBLE:
            estimate.eligible += 1
        elif outcome is Outcome.MANUAL_REVIEW:
            estimate.manual += 1
        elif outcome is Outcome.UNKNOWN:
            estimate.unknown += 1
            missing.update(item.entry.matcher.explain(facts).missing)
        elif outcome is Outcome.NOT_ELIGIBLE and _near(item, facts, estimate.judged_on):
            estimate.near += 1
    estimate.missing = dict(missing)


def _near(item: Item, facts: Facts, on: dt.date) -> bool:
    return is_near(Match(item.entry, item.entry.standing(on), item.entry.matcher.explain(facts)))


__all__ = ["AHEAD", "BATCH", "ask", "quarters_ahead", "run", "step"]
