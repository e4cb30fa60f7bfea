"""Sets of policies as the bits of one integer, and three-valued logic on all of them at once.

What a condition is for many policies is a pair of sets: those for which it holds and those for which it does
not; whoever is in neither is unknown. Where it is the same for all, it is True, False or None instead, so
that what depends on no bound costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from qitong.policies.logic.tree import Op
from qitong.policies.logic.units import Number

BLOCK = 8


class Planes(NamedTuple):
    yes: int
    no: int


Result: TypeAlias = Planes | bool | None


def bits(members: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    text = f"{members:b}"
    top = len(text) - 1
    place = text.rfind("1")
    while place >= 0:
        yield top - place
        place = text.rfind("1", 0, place)


def of_places(places: Iterable[int], size: int) -> int:
    """The set of these places, all below ``size``; much faster than one by one."""
    held = bytearray(size // 8 + 1)
    for place in places:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def spread(result: Result, members: int) -> Planes:
    """As a pair of sets among ``members``."""
    if isinstance(result, Planes):
        return result
    return Planes(members if result is True else 0, members if result is False else 0)


def simple(planes: Planes, members: int) -> Result:
    """One value where it is the same for all."""
    if planes.yes == members:
        return True
    if planes.no == members:
        return False
    return planes if planes.yes or planes.no else None


def both(results: Sequence[Result], members: int) -> Result:
    """ALL of three values: one no is enough."""
    if False in results:
        return False
    rest = [result for result in results if result is not True]
    if len(rest) < 2:
        return rest[0] if rest else True
    yes, no = members, 0
    for result in rest:
        planes = spread(result, members)
        yes &= planes.yes
        no |= planes.no
    return simple(Planes(yes, no), members)


def swapped(result: Result) -> Result:
    if isinstance(result, Planes):
        return Planes(result.no, result.yes)
    return None if result is None else not result


def either(results: Sequence[Result], members: int) -> Result:
    """ANY of three values: one yes is enough."""
    return swapped(both([swapped(result) for result in results], members))


def at_least(count: int, results: Sequence[Result], members: int) -> Result:
    of_rest: list[Result] = [True, *[False] * max(0, count)]
    for result in results:
        more = [
            either([both([result, of_rest[k - 1]], members), of_rest[k]], members)
            for k in range(1, len(of_rest))
        ]
        of_rest = [True, *more]
    return of_rest[-1]


def chosen(test: Result, then: Result, other: Result, members: int) -> Result:
    """As the test says; where it is unknown, what both say."""
    if isinstance(test, bool):
        return then if test else other
    (yes, no), a, b = spread(test, members), spread(then, members), spread(other, members)
    return simple(
        Planes(
            yes & a.yes | no & b.yes | a.yes & b.yes,
            yes & a.no | no & b.no | a.no & b.no,
        ),
        members,
    )


class Bounds:
    """The bound that each policy compares one and the same number with."""

    __slots__ = ("_masks", "_places", "_sums", "_values", "members", "size")

    def __init__(self) -> None:
        self._places: dict[Number, list[int]] = {}
        self._values: list[Number] = []
        self._masks: list[int] = []
        self._sums: list[int] = []
        self.members = 0
        self.size = 0

    def add(self, place: int, bound: Number) -> None:
        """Another policy. Before the first question they are gathered, after it the sets are amended."""
        self.size = max(self.size, place + 1)
        if not self._values:
            self._places.setdefault(bound, []).append(place)
            return
        at = bisect_left(self._values, bound)
        if at == len(self._values) or self._values[at] != bound:
            self._values.insert(at, bound)
            self._masks.insert(at, 0)
        self._masks[at] |= 1 << place
        self._sum()

    def compare(self, op: Op, value: Number) -> Result:
        """For whom ``value op bound``."""
        if not self._values:
            self._prepare()
        left, right = bisect_left(self._values, value), bisect_right(self._values, value)
        match op:
            case Op.AT_LEAST:
                yes = self._below(right)
            case Op.MORE:
                yes = self._below(left)
            case Op.AT_MOST:
                yes = self.members ^ self._below(left)
            case Op.LESS:
                yes = self.members ^ self._below(right)
            case Op.EQUAL:
                yes = self._masks[left] if left < right else 0
            case Op.UNEQUAL:
                yes = self.members ^ (self._masks[left] if left < right else 0)
        return simple(Planes(yes, self.members ^ yes), self.members)

    def _prepare(self) -> None:
        """Each bound's policies as a set."""
        self._values = sorted(self._places)
        self._masks = [of_places(self._places[value], self.size) for value in self._values]
        self._places = {}
        self._sum()

    def _sum(self) -> None:
        """At every eighth bound, the policies of all lower ones."""
        total, self._sums = 0, []
        for place, mask in enumerate(self._masks):
            if place % BLOCK == 0:
                self._sums.append(total)
            total |= mask
        self._sums.append(total)
        self.members = total

    def _below(self, count: int) -> int:
        """The policies of the ``count`` lowest bounds."""
        if count == len(self._values):
            return self.members
        found = self._sums[count // BLOCK]
        for mask in self._masks[count - count % BLOCK : count]:
            found |= mask
        return found
