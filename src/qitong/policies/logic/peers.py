"""What companies of one sector and size use more than others do: counts in, items out.

A group of fewer than :data:`LEAST` companies is never spoken of, be it those compared with, those outside, or
those who used something: nobody is to learn from it what a single company does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

LEAST = 5
SHARE = Fraction(1, 4)
"""What fewer than a quarter use is no habit."""


@dataclass(frozen=True, slots=True)
class Group:
    """``companies`` alike; of each item how many of them have used it."""

    companies: int
    used: Mapping[str, int] = field(default_factory=dict)

    def without(self, *, used: frozenset[str]) -> Group:
        """The others of the group, for one of its own who has used these."""
        less = {item: count - (item in used) for item, count in self.used.items()}
        return Group(self.companies - 1, less)


def used_more(group: Group, everybody: Group) -> tuple[str, ...]:
    """The items, the most used first; ``everybody`` includes the group. Nothing of small groups."""
    elsewhere = everybody.companies - group.companies
    if group.companies < LEAST or elsewhere < LEAST:
        return ()
    shares = {item: Fraction(count, group.companies) for item, count in group.used.items() if count >= LEAST}
    above = [
        item
        for item, share in shares.items()
        if share >= SHARE and share > Fraction(everybody.used.get(item, 0) - group.used[item], elsewhere)
    ]
    return tuple(sorted(above, key=lambda item: (-shares[item], item)))


def first_large(groups: Iterable[Group]) -> Group | None:
    """The first group, from the narrowest on, that is large enough to be compared with."""
    return next((group for group in groups if group.companies >= LEAST), None)
