"""谁能享受: policies, one or all, against all companies as they are today, a page at a time in their order.

Who can get it is kept up to date (:class:`~qitong.policies.models.Holding`) and only looked up. Who lacks an
answer or is one condition off is judged as one reads on, a bounded number of companies for each page.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.db.models import QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies import gathering, serving
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.gathering import Facts
from qitong.policies.library import Entry, Library
from qitong.policies.logic import wording
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.package import Thing
from qitong.policies.logic.standing import Standing
from qitong.policies.logic.turns import MET
from qitong.policies.logic.units import Kind
from qitong.policies.matching import Match, yearly
from qitong.policies.models import Holding, Unsuitable
from qitong.policies.sections import is_near

SIZE, SIZE_OF_ALL = 50, 20
"""Companies of a page: of one policy, and where each comes with all it has to do with."""
ANSWERS = 60
"""With so many answers a page ends, however few companies that is."""
FEW = 4
"""So many missing facts are named; the rest is counted."""
BATCH, BATCHES = 1000, 2
"""So many companies are looked at for a page, a batch with two queries."""
RUNS = 10_000
"""So often at most a rule is run for a batch: of many policies it is fewer companies."""


class Group(StrEnum):
    MET = "met"
    UNKNOWN = "unknown"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one policy says of a company; ``declined``: the company said that it is not for it.

    ``instead``: the other policies it could have that exclude this one.
    """

    match: Match
    declined: bool = False
    instead: tuple[Named, ...] = ()

    @property
    def code(self) -> str:
        return self.match.entry.policy.id

    @property
    def name(self) -> Named:
        name = self.match.entry.policy.name
        return Named(name.zh, name.en)


@dataclass(frozen=True, slots=True)
class Line:
    """A company with its answers of the group, in the order of the policies' codes; never none."""

    enterprise: Enterprise
    answers: tuple[Answer, ...]


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


def met(companies: QuerySet[Enterprise]) -> QuerySet[Holding]:
    """Who can get which policy, for counting."""
    return Holding.objects.filter(holds=True, enterprise__in=companies)


def in_force(library: Library, on: dt.date) -> list[str]:
    """The codes of all that can be asked about, in order."""
    return sorted(entry.policy.id for entry in library.in_force(on))


def page(
    codes: Collection[str],
    group: Group,
    companies: QuerySet[Enterprise],
    library: Library,
    on: dt.date,
    *,
    after: int,
    most: int,
    answers: int = sys.maxsize,
) -> Found:
    """The next of a group behind the company ``after``; of policies that are not in force there is nobody.

    ``most`` companies, or fewer with so many ``answers`` together.
    """
    found, asked = Found(), [code for code in in_force(library, on) if code in codes]
    if not asked:
        return found
    if group is Group.MET:
        # Said twice, so that both sides are read from the key on and not from the beginning.
        held = Holding.objects.filter(policy__in=asked, holds=True, enterprise__gt=after)
        companies = companies.filter(pk__in=held.values("enterprise"))
    size, batches = _at_once(group, most, len(asked))
    for _ in range(batches):
        rows = list(companies.filter(pk__gt=after).order_by("pk").only("pk", "name", "uscc")[: size + 1])
        for row, told in _judged(asked, group, rows[:size], library, on):
            after, found.looked = row.pk, found.looked + 1
            if told:
                found.lines.append(Line(row, told))
                answers -= len(told)
            if full := len(found.lines) == most or answers <= 0:
                break
        found.next = after if rows and after != rows[-1].pk else None
        if found.next is None or full:
            break
    found.lines = _marked(asked, found.lines, library.conflicts if group is Group.MET else frozenset())
    return found


def _at_once(group: Group, most: int, policies: int) -> tuple[int, int]:
    """How many companies are looked at together, and how often: those who can get it are known beforehand."""
    return (most, 1) if group is Group.MET else (max(most, min(BATCH, RUNS // policies)), BATCHES)


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


def note(answer: Answer) -> Sentence:
    """What else there is to know of it; empty where there is nothing."""
    if answer.declined:
        return say("企业说过不适合")
    others = [Named(f"“{name.zh}”", f"“{name.en}”") for name in answer.instead]
    return say("与{others}不能同时享受", others=others) if others else NOTHING


def _judged(
    codes: Sequence[str], group: Group, rows: Sequence[Enterprise], library: Library, on: dt.date
) -> Iterator[tuple[Enterprise, tuple[Answer, ...]]]:
    """Each company with what belongs to the group."""
    keys = [row.pk for row in rows]
    facts = gathering.facts_of(keys, library, on, gathering.behind(library, codes))
    asked = _held(codes, keys) if group is Group.MET else dict.fromkeys(keys, codes)
    standings = {code: library.entries[code].standing(on) for code in codes}
    for row in rows:
        matches = (_match(library.entries[code], standings[code], facts[row.pk]) for code in asked[row.pk])
        yield row, tuple(Answer(match) for match in matches if _belongs(match, group))


def _match(entry: Entry, standing: Standing, facts: Facts) -> Match:
    return Match(entry, standing, entry.matcher.explain(facts))


def _held(codes: Sequence[str], keys: Sequence[int]) -> Mapping[int, list[str]]:
    """Of each company the policies of which it is known that it can get them."""
    found: dict[int, list[str]] = {key: [] for key in keys}
    rows = Holding.objects.filter(policy__in=codes, holds=True, enterprise__in=keys)
    for key, code in rows.order_by("policy").values_list("enterprise_id", "policy"):
        found[key].append(code)
    return found


def _belongs(match: Match, group: Group) -> bool:
    outcome = match.found.outcome
    if group is Group.MET:
        return outcome in MET
    if group is Group.UNKNOWN:
        return outcome is Outcome.UNKNOWN
    return outcome is Outcome.NOT_ELIGIBLE and is_near(match)


def _marked(
    codes: Collection[str], lines: Sequence[Line], conflicts: Collection[tuple[str, str]]
) -> list[Line]:
    """The same lines, with what a company said is not for it, and what it cannot have together."""
    rows = Unsuitable.objects.filter(thing=Thing.POLICY, code__in=codes, taken_back_at=None)
    keys = [line.enterprise.pk for line in lines]
    said = set(rows.filter(enterprise__in=keys).values_list("enterprise_id", "code")) if keys else set()
    found = []
    for line in lines:
        declined = {it.code for it in line.answers if (line.enterprise.pk, it.code) in said}
        names = {it.code: it.name for it in line.answers if it.code not in declined}
        answers = tuple(
            replace(it, declined=it.code in declined, instead=_instead(it.code, names, conflicts))
            for it in line.answers
        )
        found.append(replace(line, answers=answers))
    return found


def _instead(
    code: str, names: Mapping[str, Named], conflicts: Collection[tuple[str, str]]
) -> tuple[Named, ...]:
    """Those of the named that exclude it; nothing of what the company does not want."""
    if code not in names:
        return ()
    pairs = ((min(code, other), max(code, other)) for other in names)
    return tuple(name for name, pair in zip(names.values(), pairs, strict=True) if pair in conflicts)
