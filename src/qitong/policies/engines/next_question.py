"""The next question worth asking of one company against a large library: exact, and on sets.

The same rule as :mod:`qitong.policies.logic.question`: a policy that is unknown shares its benefit equally
among the facts it still needs. Which policies need a fact is a set, found from the families that are open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from qitong.policies.engines.index import NO_RULE, Answer, Seen
from qitong.policies.engines.planes import bits, spread
from qitong.policies.logic.missing import missing
from qitong.policies.logic.tree import LEAVES, Choose, Compare, Num
from qitong.policies.logic.units import Number, normal

FEW = 50
"""Amounts; with more, policies are added up one by one."""
Total: TypeAlias = Callable[[int], Number]


@dataclass(frozen=True, slots=True)
class Asked:
    """``settles``: policies that this answer alone decides. ``helps``: all that need it. ``worth``: in 分."""

    fact: str
    settles: int
    helps: int
    worth: Number


def next_questions(answer: Answer) -> list[Asked]:
    """All questions, the best first."""
    needs = needed(answer)
    once = more = 0
    for places in needs.values():
        more |= once & places
        once |= places
    alone = once & ~more
    worth = _worth(answer, needs)
    made = [
        Asked(fact, (places & alone).bit_count(), places.bit_count(), worth[fact])
        for fact, places in needs.items()
    ]
    return sorted(made, key=lambda q: (-q.worth, -q.settles, -q.helps, q.fact))


def needed(answer: Answer) -> dict[str, int]:
    """For each fact, the unknown policies that it could help to settle."""
    needs: defaultdict[str, int] = defaultdict(int)
    known: dict[tuple[bool, int], tuple[str, ...]] = {}
    for members, seen in answer.open_families:
        _open(answer, seen, members & answer.unknown, members, (needs, known))
    return {fact: places for fact, places in needs.items() if places}


_Noted = tuple[defaultdict[str, int], dict[tuple[bool, int], tuple[str, ...]]]


def _open(answer: Answer, seen: Seen, where: int, members: int, noted: _Noted) -> None:
    """Note what ``seen`` needs, for the policies in ``where`` for which it is unknown."""
    planes = spread(seen.result, members)
    where &= ~(planes.yes | planes.no)
    if not where:
        return
    if isinstance(seen.node, LEAVES):
        needs, known = noted
        bounded = isinstance(seen.node, Compare) and isinstance(seen.node.right, Num)
        key = (bounded, seen.what)
        if key not in known:
            known[key] = missing([seen.node], NO_RULE, answer.facts)
        for fact in known[key]:
            needs[fact] |= where
    elif isinstance(seen.node, Choose):
        test, then, other = seen.parts
        chosen = spread(test.result, members)
        _open(answer, test, where, members, noted)
        _open(answer, then, where & chosen.yes, members, noted)
        _open(answer, other, where & chosen.no, members, noted)
    else:
        for part in seen.parts:
            _open(answer, part, where, members, noted)


def _worth(answer: Answer, needs: dict[str, int]) -> dict[str, Number]:
    """Each paying policy's amount, divided by the number of facts it needs, added up for each fact."""
    groups = {worth: places & answer.unknown for worth, places in answer.by_worth.items() if worth}
    paying = 0
    for places in groups.values():
        paying |= places
    found: dict[str, Fraction] = dict.fromkeys(needs, Fraction(0))
    total = _by_amount(groups) if len(groups) <= FEW else _by_policy(groups)
    for count, places in _by_count([each & paying for each in needs.values()]).items():
        for fact, wanted in needs.items() if count else ():
            found[fact] += Fraction(total(wanted & places)) / count
    return {fact: normal(worth) for fact, worth in found.items()}


def _by_amount(groups: dict[Number, int]) -> Total:
    """What a set of policies brings: few amounts, so members of each are counted."""
    return lambda places: sum(worth * (places & paid).bit_count() for worth, paid in groups.items())


def _by_policy(groups: dict[Number, int]) -> Total:
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
