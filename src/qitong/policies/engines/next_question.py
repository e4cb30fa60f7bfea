"""The next question worth asking of one company against a large library: exact, and on sets.

The same rule as :mod:`qitong.policies.logic.question`: a policy that is unknown shares what is at stake
equally among the facts it still needs, and one that can rule it out alone counts twice. Which policies need
a fact, or can be ruled out by it, is a set, found from the families that are open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple, TypeAlias

from qitong.policies.engines.index import NO_RULE, Answer, Seen
from qitong.policies.engines.planes import bits, spread
from qitong.policies.logic.missing import missing
from qitong.policies.logic.tree import LEAVES, Choose, Compare, Not, Num
from qitong.policies.logic.units import Number, normal

FEW = 50
"""Amounts; with more, policies are added up one by one."""
Total: TypeAlias = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Asked:
    """``settles``: policies that this answer alone decides. ``helps``: all that need it. ``ends``: those that
    it alone can rule out. ``worth``: as of :class:`~qitong.policies.logic.question.Question`."""

    fact: str
    settles: int
    helps: int
    ends: int
    worth: Number


class Needs(NamedTuple):
    """For each fact, the policies that it could help to settle, and those that it alone could rule out."""

    helps: defaultdict[str, int]
    ends: defaultdict[str, int]


def next_questions(answer: Answer) -> list[Asked]:
    """All questions, the best first."""
    found = _needs(answer, answer.unknown & ~answer.unlikely)
    needs = {fact: places for fact, places in found.helps.items() if places}
    once = more = 0
    for places in needs.values():
        more |= once & places
        once |= places
    alone = once & ~more
    worth = _worth(answer, needs, found.ends)
    made = [
        Asked(
            fact,
            (places & alone).bit_count(),
            places.bit_count(),
            found.ends.get(fact, 0).bit_count(),
            worth[fact],
        )
        for fact, places in needs.items()
    ]
    return sorted(made, key=lambda q: (-q.worth, -q.ends, -q.settles, -q.helps, q.fact))


def needed(answer: Answer) -> dict[str, int]:
    """For each fact, the unknown policies that it could help to settle."""
    return {fact: places for fact, places in _needs(answer, answer.unknown).helps.items() if places}


def _needs(answer: Answer, among: int) -> Needs:
    needs = Needs(defaultdict(int), defaultdict(int))
    known: dict[tuple[bool, int], tuple[str, ...]] = {}
    for members, seen in answer.open_families:
        _open(answer, seen, members & among, members, (needs, known))
    return needs


_Noted = tuple[Needs, dict[tuple[bool, int], tuple[str, ...]]]


def _open(answer: Answer, seen: Seen, where: int, members: int, noted: _Noted, *, whole: bool = True) -> None:
    """Note what ``seen`` needs, for the policies in ``where`` for which it is unknown.

    ``whole``: it is all of something that has to hold, so that a leaf with one missing fact can rule out.
    """
    planes = spread(seen.result, members)
    where &= ~(planes.yes | planes.no)
    if not where:
        return
    if isinstance(seen.node, LEAVES):
        _leaf(answer, seen, where, noted, whole=whole)
    elif isinstance(seen.node, Choose):
        test, then, other = seen.parts
        chosen = spread(test.result, members)
        _open(answer, test, where, members, noted, whole=False)
        _open(answer, then, where & chosen.yes, members, noted, whole=False)
        _open(answer, other, where & chosen.no, members, noted, whole=False)
    else:
        alone = whole and isinstance(seen.node, Not) and isinstance(seen.node.part, LEAVES)
        for part in seen.parts:
            _open(answer, part, where, members, noted, whole=alone)


def _leaf(answer: Answer, seen: Seen, where: int, noted: _Noted, *, whole: bool) -> None:
    needs, known = noted
    bounded = isinstance(seen.node, Compare) and isinstance(seen.node.right, Num)
    key = (bounded, seen.what)
    if key not in known:
        known[key] = missing([seen.node], NO_RULE, answer.facts)
    facts = known[key]
    for fact in facts:
        needs.helps[fact] |= where
    if whole and len(facts) == 1:
        needs.ends[facts[0]] |= where


def _worth(answer: Answer, needs: dict[str, int], ends: Mapping[str, int]) -> dict[str, Number]:
    """What is at stake with each policy, divided by the number of facts it needs, added up for each fact."""
    open_ = answer.unknown & ~answer.unlikely
    stakes = {stake: places & open_ for stake, places in answer.by_stake.items() if stake}
    parts = lcm(*(stake.denominator for stake in stakes))
    groups = {int(stake * parts): places for stake, places in stakes.items()}  # whole numbers add up faster
    paying = 0
    for places in groups.values():
        paying |= places
    found: dict[str, Fraction] = dict.fromkeys(needs, Fraction(0))
    total = _by_amount(groups) if len(groups) <= FEW else _by_policy(groups)
    for count, places in _by_count([each & paying for each in needs.values()]).items():
        for fact, wanted in needs.items() if count else ():
            there = wanted & places
            if there:
                shared = total(there) + total(ends.get(fact, 0) & there)
                found[fact] += Fraction(shared, count * parts)
    return {fact: normal(worth) for fact, worth in found.items()}


def _by_amount(groups: dict[int, int]) -> Total:
    """What a set of policies brings: few amounts, so members of each are counted."""
    return lambda places: sum(worth * (places & paid).bit_count() for worth, paid in groups.items())


def _by_policy(groups: dict[int, int]) -> Total:
    """The same where nearly each policy brings another amount."""
    amounts = {place: worth for worth, paid in groups.items() for place in bits(paid)}
    return lambda places: sum(amounts.get(place, 0) for place in bits(places))


def _by_count(sets: list[int]) -> dict[int, int]:
    """In how many of the sets something is, and what that is: counted on all at once, a bit a digit."""
    digits: list[int] = []
    for each in sets:
        carry = each
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
        if carry:
            digits.append(carry)
    everything = 0
    for digit in digits:
        everything |= digit
    counts = {0: everything}
    for place, digit in enumerate(digits):
        counts = {
            count + add: found
            for count, places in counts.items()
            for add, found in ((0, places & ~digit), (1 << place, places & digit))
            if found
        }
    return counts
