"""Who would gain and who would lose by a draft, and what it costs: counted in batches, kept with its hash."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, QuerySet

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.ledger.record import record
from qitong.policies import editions, gathering
from qitong.policies.compiling import validity
from qitong.policies.consequence_models import Affected, Count
from qitong.policies.drafting import locked
from qitong.policies.editing import PolicyDeed, demand
from qitong.policies.gathering import Facts
from qitong.policies.library import Entry
from qitong.policies.logic.turns import MET, Kind, turned
from qitong.policies.logic.units import Number
from qitong.policies.models import CompanyFact, PolicyVersion
from qitong.policies.publish import STREAM
from qitong.policies.stakes import TIME_ONLY
from qitong.policies.turning import outcome_of

BATCH = 500
AT_ONCE = 2000
"""So many companies are counted while the officer waits; more, by a job."""


@transaction.atomic
def ask(*, draft_id: int, by: Actor, at: dt.datetime) -> Count:
    """The count of the draft as it is, with the facts of the moment; begun, unless it is there already."""
    demand(by, PolicyDeed.BEGIN)
    draft = locked(draft_id)
    upto = _newest_fact()
    count, made = Count.objects.get_or_create(
        draft=draft,
        content_hash=draft.content_hash,
        on=day_of(at),
        facts_upto=upto,
        defaults={"asked_at": at},
    )
    if made:
        Count.objects.filter(draft=draft).exclude(pk=count.pk).delete()
        body = {"policy": draft.code, "number": draft.number, "hash": draft.content_hash, "on": count.on}
        record(STREAM, "policy.count_asked", by=by.ref, at=at, body=body)
    return count


def run(count_id: int, *, at: dt.datetime, batch: int = BATCH) -> None:
    """Count on until it is done; what a dead worker left is gone on with."""
    while step(count_id, at=at, batch=batch):
        pass


@transaction.atomic
def step(count_id: int, *, at: dt.datetime, batch: int = BATCH) -> bool:
    """The next batch; False when nothing is left, or the draft is no longer what is counted."""
    count = Count.objects.select_for_update(of=("self",)).filter(pk=count_id, done_at=None).first()
    if count is None:
        return False
    draft = PolicyVersion.objects.get(pk=count.draft_id)
    if draft.content_hash != count.content_hash:
        count.delete()
        return False
    keys = gathering.keys_after(count.cursor, batch)
    if not keys:
        count.done_at = at
        count.save(update_fields=["done_at"])
        return False
    edition = editions.on_day(count.on)
    before = edition.library.entries.get(draft.code)
    facts = gathering.facts_of(keys, edition.library, count.on)
    _add(count, [_weighed(key, before, entry_of(draft), facts[key], count.on) for key in keys])
    count.cursor, count.judged = keys[-1], count.judged + len(keys)
    count.save()
    return True


@dataclass(frozen=True, slots=True)
class Weighed:
    """One company: what changes for it, and what it had and would get in a year (分; None: not known)."""

    key: int
    kind: Kind | None
    had: Number | None
    gets: Number | None


def _weighed(key: int, before: Entry | None, after: Entry, facts: Facts, on: dt.date) -> Weighed:
    met, outcome = outcome_of(before, facts, on) in MET, outcome_of(after, facts, on)
    had = _yearly(before, facts) if before is not None and met else 0
    return Weighed(key, turned(met, outcome), had, _yearly(after, facts) if outcome in MET else 0)


def _yearly(entry: Entry, facts: Facts) -> Number | None:
    benefit = entry.policy.benefit
    if benefit.type == TIME_ONLY:
        return 0
    worth = entry.matcher.explain(facts).benefit
    return None if worth is None else worth * benefit.period.in_a_year


def _add(count: Count, found: list[Weighed]) -> None:
    """The sums, and a row for each company that gains or loses."""
    rows = []
    for one in found:
        count.cost_before += round(one.had or 0)
        count.cost_after += round(one.gets or 0)
        count.unpriced += one.gets is None
        if one.kind is not None:
            name = one.kind.value
            setattr(count, name, getattr(count, name) + 1)
            about = one.gets if one.kind is Kind.GAINED else one.had
            yearly = None if about is None else round(about)
            rows.append(Affected(count=count, enterprise_id=one.key, kind=name, yearly=yearly))
    Affected.objects.bulk_create(rows)


def entry_of(draft: PolicyVersion) -> Entry:
    """A draft as the rules see it: compiled, standing by its own validity."""
    policy, rule, matcher = editions.read(draft.data)
    return Entry(policy, rule, matcher, validity(policy, None))


def newest(draft: PolicyVersion) -> Count | None:
    """The last count of the draft as it is now, done or under way."""
    rows = Count.objects.filter(draft=draft, content_hash=draft.content_hash)
    return rows.order_by("-asked_at", "-pk").first()


def is_stale(count: Count, on: dt.date) -> bool:
    """Whether the day or the facts have moved since."""
    return count.on != on or count.facts_upto != _newest_fact()


def is_small() -> bool:
    """Whether there are so few companies with facts that one can wait for the count."""
    return len(gathering.keys_after(0, AT_ONCE + 1)) <= AT_ONCE


def _newest_fact() -> int:
    return CompanyFact.objects.aggregate(last=Max("pk"))["last"] or 0


def affected(count: Count, kind: Kind) -> QuerySet[Affected]:
    """Who gains, or loses, for a list in pages."""
    return Affected.objects.filter(count=count, kind=kind.value).select_related("enterprise")
