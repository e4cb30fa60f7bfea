"""谁能享受: one policy against all companies as they are today, in the order of their keys, a page at a time.

Who can get it is kept up to date (:class:`~qitong.policies.models.Holding`) and only looked up. Who lacks an
answer or is one condition off is judged as one reads on, a bounded number of companies for each page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.policies import gathering, serving
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.library import Library
from qitong.policies.logic import wording
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.package import Thing
from qitong.policies.logic.turns import MET
from qitong.policies.logic.units import Kind
from qitong.policies.matching import Match, yearly
from qitong.policies.models import Holding, Unsuitable
from qitong.policies.sections import is_near

SIZE = 50
"""Lines of a page."""
FEW = 4
"""So many missing facts are named; the rest is counted."""
BATCH, BATCHES = 1000, 2
"""So many companies are looked at for a page, a batch with two queries."""


class Group(StrEnum):
    MET = "met"
    UNKNOWN = "unknown"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Line:
    """A company with its answer; ``declined``: it said that the policy is not for it."""

    enterprise: Enterprise
    match: Match
    declined: bool = False


@dataclass(slots=True)
class Found:
    """``looked``: at how many companies; ``next``: the key to go on from, None at the end."""

    lines: list[Line] = field(default_factory=list)
    looked: int = 0
    next: int | None = None


def companies_of(actor: Actor) -> QuerySet[Enterprise]:
    """Of whom the actor may read it: policy editors of all, others of the companies they serve or oversee."""
    if not why_not(actor, PolicyDeed.BEGIN):
        return Enterprise.objects.all()
    return serving.companies_of(actor)


def met(code: str, companies: QuerySet[Enterprise]) -> QuerySet[Holding]:
    """Who can get the policy, for counting."""
    return Holding.objects.filter(policy=code, holds=True, enterprise__in=companies)


def page(
    code: str,
    group: Group,
    companies: QuerySet[Enterprise],
    library: Library,
    on: dt.date,
    *,
    after: int,
    most: int,
) -> Found:
    """The next of a group behind the company ``after``; nobody of a policy that is not in force."""
    found = Found()
    if not library.entries[code].standing(on).in_force:
        return found
    if group is Group.MET:
        companies = companies.filter(pk__in=met(code, companies).values("enterprise"))
    size, batches = (most, 1) if group is Group.MET else (BATCH, BATCHES)
    for _ in range(batches):
        rows = list(companies.filter(pk__gt=after).order_by("pk").only("pk", "name", "uscc")[: size + 1])
        for row, match in _judged(code, rows[:size], library, on):
            after, found.looked = row.pk, found.looked + 1
            if _belongs(match, group):
                found.lines.append(Line(row, match))
            if len(found.lines) == most:
                break
        found.next = after if rows and after != rows[-1].pk else None
        if found.next is None or len(found.lines) == most:
            break
    found.lines = _declined(code, found.lines)
    return found


def says(match: Match, group: Group) -> Sentence:
    """Why a company stands in that group."""
    found = match.found
    if group is Group.UNKNOWN:
        lacking = list(wording.labels(found.missing, found.rule))
        told = {"facts": lacking[:FEW], "n": len(lacking)}
        return say("缺：{facts}等{n}项。", **told) if len(lacking) > FEW else say("缺：{facts}。", **told)
    if group is Group.NEAR:
        return next(told for told in found.results if told.result is False).leading.says
    by_hand = found.outcome is Outcome.MANUAL_REVIEW
    return say("规则能核对的都符合，待主管部门判断。") if by_hand else say("各项条件都符合。")


def amount(match: Match) -> Sentence:
    """What it brings in a year; empty for what is no money."""
    worth = yearly(match)
    if worth is None:
        return say("缺少资料")
    return say("{amount}", amount=wording.shown(worth, Kind.MONEY)) if worth else NOTHING


def _judged(
    code: str, rows: Sequence[Enterprise], library: Library, on: dt.date
) -> Iterator[tuple[Enterprise, Match]]:
    entry = library.entries[code]
    facts = gathering.facts_of([row.pk for row in rows], library, on, gathering.behind(library, [code]))
    for row in rows:
        yield row, Match(entry, entry.standing(on), entry.matcher.explain(facts[row.pk]))


def _belongs(match: Match, group: Group) -> bool:
    outcome = match.found.outcome
    if group is Group.MET:
        return outcome in MET
    if group is Group.UNKNOWN:
        return outcome is Outcome.UNKNOWN
    return outcome is Outcome.NOT_ELIGIBLE and is_near(match)


def _declined(code: str, lines: Sequence[Line]) -> list[Line]:
    rows = Unsuitable.objects.filter(thing=Thing.POLICY, code=code, taken_back_at=None)
    keys = [line.enterprise.pk for line in lines]
    said = set(rows.filter(enterprise__in=keys).values_list("enterprise_id", flat=True)) if keys else set()
    return [Line(line.enterprise, line.match, line.enterprise.pk in said) for line in lines]
