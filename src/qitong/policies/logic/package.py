"""What a service package proposes to a company, and what it never does.

Candidates in, lines out, in an order of their own: it does not matter in which order they were found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from qitong.policies.logic.units import Number

MOST_POLICIES, MOST_ITEMS = 6, 4
"""So many lines a company can answer on a phone in a few minutes."""


class Thing(StrEnum):
    POLICY = "policy"
    ITEM = "item"


class Why(StrEnum):
    """Why a thing is proposed, the strongest reason first."""

    OFFICER = "officer"
    """An officer added it."""
    MET = "met"
    """The rules of the policy are met."""
    JUDGED = "judged"
    """They are met as far as rules go; a department has to judge the rest."""
    SECTOR = "sector"
    """It belongs to the package of the sector and size."""
    NEAR = "near"
    """One condition off."""
    ASK = "ask"
    """An answer of the company is missing."""
    PEERS = "peers"
    """Companies of the sector and size use it more than others do."""


class Stage(StrEnum):
    """The life of a package: officers adjust it while proposed; from *sent* on the company answers."""

    PROPOSED = "proposed"
    SENT = "sent"
    OPENED = "opened"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


OPEN_STAGES = (Stage.PROPOSED, Stage.SENT, Stage.OPENED)
WITH_COMPANY = (Stage.SENT, Stage.OPENED)


class Answer(StrEnum):
    """What the company said to a line; none yet is the empty text."""

    ACCEPTED = "accepted"
    UNSUITABLE = "unsuitable"


Key = tuple[Thing, str]
_RANK = {why: rank for rank, why in enumerate(Why)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """``worth``: what it brings in a year, in 分. ``detail``: what its reason names (``package_words``)."""

    thing: Thing
    code: str
    why: Why
    worth: Number = 0
    detail: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def key(self) -> Key:
        return self.thing, self.code


def barred(unsuitable: Collection[Key], leads_to: Mapping[str, str]) -> frozenset[Key]:
    """What was declared unsuitable, and what is the same to a company by another name.

    ``leads_to``: the item through which a policy is applied for. With a policy goes its item, with an item
    the policies that only lead there.
    """
    items = {code for thing, code in unsuitable if thing is Thing.ITEM}
    policies = {code for thing, code in unsuitable if thing is Thing.POLICY}
    with_them = {(Thing.ITEM, leads_to[code]) for code in policies if code in leads_to}
    with_those = {(Thing.POLICY, code) for code, item in leads_to.items() if item in items}
    return frozenset({*unsuitable, *with_them, *with_those})


def choose(
    candidates: Iterable[Candidate],
    *,
    unsuitable: Collection[Key] = (),
    had: Collection[Key] = (),
    leads_to: Mapping[str, str] | None = None,
    most_policies: int = MOST_POLICIES,
    most_items: int = MOST_ITEMS,
) -> tuple[Candidate, ...]:
    """At most so many of each sort, the best first, each thing once and with its strongest reason.

    Never what was declared unsuitable or is ``had`` (used, or on its way); no item to which a policy of the
    same package leads.
    """
    ways = leads_to or {}
    out = barred(unsuitable, ways) | frozenset(had)
    ranked = sorted((one for one in candidates if one.key not in out), key=_order)
    best: dict[Key, Candidate] = {}
    for one in ranked:
        best.setdefault(one.key, one)
    policies = [one for one in best.values() if one.thing is Thing.POLICY][:most_policies]
    covered = {ways[one.code] for one in policies if one.code in ways}
    items = [one for one in best.values() if one.thing is Thing.ITEM and one.code not in covered]
    return (*policies, *items[:most_items])


def _order(one: Candidate) -> tuple[int, Number, str, str, list[tuple[str, str]]]:
    return _RANK[one.why], -one.worth, one.thing, one.code, sorted(one.detail.items())
