"""From today's rules and facts to what changed: judged, kept, entered in the ledger, in one transaction.

What is kept of a company is compared under its lock, so the same work done twice finds nothing to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.accounts.queries import members
from qitong.casework.logic.clock import day_of
from qitong.ledger.record import NewEntry, record_many
from qitong.policies import editions, gathering
from qitong.policies.because import difference
from qitong.policies.change_models import Change, Holding, Recheck
from qitong.policies.editions import Edition
from qitong.policies.gathering import Facts
from qitong.policies.library import Entry
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.package import Thing
from qitong.policies.logic.turns import MET, Cause, Kind, turned
from qitong.policies.models import Unsuitable


@dataclass(frozen=True, slots=True)
class Why:
    """Why they are judged again. ``given_by``: who gave the ``facts``, and is not told what it brought."""

    cause: Cause
    facts: tuple[str, ...] = ()
    given_by: str = ""


@transaction.atomic
def judge(
    enterprises: Collection[int], policies: Collection[str], why: Why, *, by: Actor, at: dt.datetime
) -> list[Change]:
    """Judge these companies against these policies as of the day of ``at``; what changed since last time.

    Each change is one row and, for a gain that is to be told, one entry ``policy.gained`` of the company.
    """
    on = day_of(at)
    edition = editions.on_day(on)
    # In the order of their keys: two batches with companies in common follow each other.
    locked = Enterprise.objects.select_for_update(no_key=True).filter(pk__in=enterprises)
    keys = list(locked.order_by("pk").values_list("pk", flat=True))
    facts = gathering.facts_of(keys, edition.library, on, gathering.behind(edition.library, policies))
    before, first = _held(keys, policies), _looked_at(policies)
    changes, holdings = [], []
    for code in sorted(policies):
        entry = edition.library.entries.get(code)
        in_force = entry is not None and entry.standing(on).in_force
        for key in keys:
            held = before.get((key, code))
            outcome = entry.matcher.outcome(facts[key]) if entry and in_force else Outcome.NOT_APPLICABLE
            kind = turned(held is not None and held.holds, outcome)
            if kind is None:
                continue
            unseen = held is None and key > first.get(code, key)
            turn = held.turn + 1 if held else 1
            holdings.append(Holding(enterprise_id=key, policy=code, holds=outcome in MET, turn=turn))
            change = Change(enterprise_id=key, policy=code, turn=turn, kind=kind.value, on=on, at=at)
            change.version_id = edition.versions[code][0] if code in edition.versions else None
            change.cause = (Cause.INSTALLED if unseen else why.cause).value
            changes.append(change)
    return _kept(changes, holdings, edition, facts, why, by=by) if changes else []


def outcome_of(entry: Entry | None, facts: Facts, on: dt.date) -> Outcome:
    """What the rules say on the day; nobody can get what is not in force."""
    if entry is None or not entry.standing(on).in_force:
        return Outcome.NOT_APPLICABLE
    return entry.matcher.outcome(facts)


class _Held(NamedTuple):
    """What was found last of a company and a policy, and at which turn."""

    holds: bool
    turn: int


def _held(keys: Sequence[int], policies: Collection[str]) -> dict[tuple[int, str], _Held]:
    rows = Holding.objects.filter(enterprise_id__in=keys, policy__in=policies)
    found = rows.values_list("enterprise_id", "policy", "holds", "turn")
    return {(key, code): _Held(holds, turn) for key, code, holds, turn in found}


def _looked_at(policies: Collection[str]) -> dict[str, int]:
    """How far the first look at each policy has come, of those where it is still under way."""
    waiting = Recheck.objects.filter(policy__in=policies, cause=Cause.INSTALLED, done_at=None)
    return dict(waiting.values_list("policy", "cursor"))


def _kept(
    changes: list[Change],
    holdings: list[Holding],
    edition: Edition,
    facts: Mapping[int, Facts],
    why: Why,
    *,
    by: Actor,
) -> list[Change]:
    declared = Unsuitable.objects.filter(
        enterprise_id__in={c.enterprise_id for c in changes}, thing=Thing.POLICY, taken_back_at=None
    ).values_list("enterprise_id", "code")
    unwanted = set(declared)
    reached = _reached({c.enterprise_id for c in changes}, why)
    for change in changes:
        is_news = change.kind == Kind.GAINED and change.cause != Cause.INSTALLED
        wanted = (change.enterprise_id, change.policy) not in unwanted
        change.told = is_news and wanted and change.enterprise_id in reached
    Holding.objects.bulk_create(
        holdings,
        update_conflicts=True,
        unique_fields=["policy", "enterprise"],
        update_fields=["holds", "turn"],
    )
    rows = Change.objects.bulk_create(changes)
    record_many(_entries([row for row in rows if row.told], edition, facts, why, by=by))
    return rows


def _reached(enterprises: set[int], why: Why) -> set[int]:
    """Those in which somebody hears of it: who alone acts for one has seen what their answer brought."""
    if not why.given_by:
        return enterprises
    return {key for key in enterprises if any(f"user:{m.user_id}" != why.given_by for m in members(key))}


def _entries(
    rows: Sequence[Change], edition: Edition, facts: Mapping[int, Facts], why: Why, *, by: Actor
) -> Iterator[NewEntry]:
    codes = {row.policy for row in rows} if why.cause is Cause.PUBLISHED else set()
    before = {code: editions.before(edition.versions[code][0]) for code in codes}
    touched = gathering.following(edition.library, why.facts)
    for row in rows:
        entry = edition.library.entries[row.policy]
        standing = entry.standing(row.on)
        version, number = edition.versions[row.policy]
        body = {
            "change": row.pk,
            "policy": row.policy,
            "version": number,
            "version_id": version,
            "title": {"zh": entry.policy.name.zh, "en": entry.policy.name.en},
            "cause": row.cause,
            "manual": entry.matcher.outcome(facts[row.enterprise_id]) is Outcome.MANUAL_REVIEW,
            "window": standing.window_state.value,
            "opens_on": standing.window.opens.isoformat() if standing.window else "",
            "closes_on": standing.deadline.isoformat() if standing.deadline else "",
            "given_by": why.given_by,
            **difference(entry, before.get(row.policy), facts[row.enterprise_id], touched),
        }
        yield NewEntry(
            stream=f"enterprise:{row.enterprise_id}", kind="policy.gained", by=by.ref, at=row.at, body=body
        )
