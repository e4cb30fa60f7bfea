"""需求画像: what a company asked, used and could use, on a day, with its sector and size.

Made of what is there already: its cases, its answers, the rules, and counts of companies alike. Nothing is
recorded of what somebody looks at. Six queries, whatever the number of cases and companies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max
from django.db.models.functions import Coalesce

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.flow import OPEN_STATES, CaseState
from qitong.casework.queries import visible
from qitong.catalogue import queries as catalogue
from qitong.kernel.words import Named
from qitong.policies import bundling, editions, peers
from qitong.policies.bundling import Bundle
from qitong.policies.logic.package import Key, Thing
from qitong.policies.matching import Match
from qitong.policies.models import CompanyClass, Unsuitable
from qitong.policies.queries import Known, Mine, spoken_of
from qitong.policies.sections import Section, sorted_out
from qitong.policies.sectors import Sector, sector_of

USED = (CaseState.APPROVED, CaseState.DELIVERED, CaseState.CLOSED)
"""Granted, or done."""
HANDED_IN = Coalesce("submitted_at", "created_at")
"""When a case was handed in; of a draft, when it was begun."""
UNDER_WAY = (CaseState.DRAFT, *sorted(OPEN_STATES - {CaseState.APPROVED}))


@dataclass(frozen=True, slots=True)
class Use:
    """Cases of one item (empty: free requests), opened from one policy (or none), in one state."""

    item: str
    policy: str
    state: CaseState
    count: int
    last_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """What the company declared unsuitable."""

    thing: Thing
    code: str
    reason: str
    note: str
    at: dt.datetime


@dataclass(frozen=True, eq=False)
class Profile:
    """One company on one day, as its reader may know it."""

    mine: Mine
    uses: Sequence[Use]
    declined: Sequence[Declined]
    item_names: Mapping[str, Named]
    peers_use: Sequence[str]
    """Items that companies alike use more than others, and that this one has not used."""

    @property
    def enterprise(self) -> Enterprise:
        return self.mine.enterprise

    @property
    def on(self) -> dt.date:
        return self.mine.on

    @cached_property
    def sector(self) -> Sector:
        return sector_of(self.mine.facts, self.mine.edition.library)

    @cached_property
    def bundle(self) -> Bundle | None:
        return bundling.for_company(bundling.packaged(), self.sector.industry, self.sector.size, self.on)

    @cached_property
    def unsuitable(self) -> frozenset[Key]:
        return frozenset((one.thing, one.code) for one in self.declined)

    @cached_property
    def had(self) -> frozenset[Key]:
        """Used, or on its way: a draft counts, what was refused or given up does not."""
        live = [use for use in self.uses if use.state in (*USED, *UNDER_WAY)]
        policies = {(Thing.POLICY, use.policy) for use in live if use.policy}
        return frozenset(policies | {(Thing.ITEM, use.item) for use in live if use.item})

    @cached_property
    def leads_to(self) -> dict[str, str]:
        """The item of each policy that names one."""
        entries = self.mine.edition.library.entries.items()
        return {code: entry.policy.item for code, entry in entries if entry.policy.item}

    @cached_property
    def sections(self) -> dict[Section, list[Match]]:
        """Its policies, without what it declared unsuitable or has on its way."""
        out = {code for thing, code in self.unsuitable | self.had if thing is Thing.POLICY}
        return sorted_out([m for m in self.mine.matches if m.entry.policy.id not in out], ())

    @cached_property
    def asked(self) -> list[Use]:
        """What was handed in, the latest first."""
        return [use for use in self.uses if use.state is not CaseState.DRAFT]

    @cached_property
    def used(self) -> list[Use]:
        return [use for use in self.uses if use.state in USED]

    @cached_property
    def answered(self) -> list[Known]:
        """What it answered of itself, the latest first; officers are shown what was asked, not the answer."""
        given = [one for one in self.mine.known.values() if one.source == "answer"]
        return sorted(given, key=lambda one: (one.as_of, one.spec.name), reverse=True)


def profile(enterprise: Enterprise, *, by: Actor, on: dt.date) -> Profile:
    """The profile as ``by`` may know it: of the cases, those they see. The caller checks who may ask."""
    edition = editions.on_day(on)
    declined = _declined(enterprise.pk)
    spoken = spoken_of(enterprise, edition.library.fields, on)
    mine = Mine(enterprise, on, edition, spoken, unsuitable={}, applied={})
    uses = _uses(enterprise, by)
    current = catalogue.edition_or_none(on)
    counted: CompanyClass | None = getattr(enterprise, "counted_as", None)
    found = Profile(mine, uses, declined, current.item_names if current else {}, ())
    used = frozenset(code for thing, code in found.had if thing is Thing.ITEM)
    if counted is None or not counted.division:
        return found
    return Profile(mine, uses, declined, found.item_names, peers.used_more(counted, without=used))


def _uses(enterprise: Enterprise, by: Actor) -> list[Use]:
    cases = visible(by).filter(enterprise=enterprise).order_by()
    alike = ("item_version__code", "from_policy__version__code", "state")
    rows = cases.values_list(*alike).annotate(n=Count("pk", distinct=True), last=Max(HANDED_IN))
    found = [
        Use(item or "", policy or "", CaseState(state), count, last)
        for item, policy, state, count, last in rows
    ]
    return sorted(found, key=lambda use: (use.last_at, use.item, use.state), reverse=True)


def _declined(enterprise_id: int) -> list[Declined]:
    """Policies and items, the latest first."""
    rows = Unsuitable.objects.filter(enterprise=enterprise_id, taken_back_at=None)
    named = rows.order_by("-declared_at", "-code").values_list(
        "thing", "code", "reason", "note", "declared_at"
    )
    return [Declined(Thing(thing), code, reason, note, at) for thing, code, reason, note, at in named]
