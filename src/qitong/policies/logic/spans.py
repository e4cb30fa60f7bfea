"""The best and the least of several numbers, of which some may be known between two ends only.

A span is the number itself where it is known, a :class:`Between` where it is not, None where nothing is. What
these functions say is what ``reference.reach`` says; they are made once and called often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from qitong.policies.logic.units import Number

Facts: TypeAlias = Mapping[str, Any]
Reach: TypeAlias = Callable[[Facts], Any]


class Between(NamedTuple):
    """Both ends included; None: as low, or as high, as may be."""

    low: Any
    high: Any


def exact(reach: Reach) -> Reach:
    """The number where it is known, else None."""

    def known(facts: Facts) -> Any:
        found = reach(facts)
        return None if isinstance(found, Between) else found

    return known


def banded(exactly: Reach, points: Sequence[Number]) -> Reach:
    """A table of points whose measure may be unknown: between its least and its most."""
    unknown = _span(min(points), max(points))

    def reach(facts: Facts) -> Any:
        found = exactly(facts)
        return unknown if found is None else found

    return reach


def chosen(test: Callable[[Facts], bool | None], then: Reach, other: Reach) -> Reach:
    """Of which both branches say the same, it is known whichever is taken."""

    def reach(facts: Facts) -> Any:
        taken = test(facts)
        if taken is not None:
            return then(facts) if taken else other(facts)
        either = then(facts)
        return either if either is not None and either == other(facts) else None

    return reach


def extreme(parts: Sequence[Reach], *, most: bool) -> Reach:
    pick = max if most else min

    def reach(facts: Facts) -> Any:
        found = [part(facts) for part in parts]
        if not any(each is None or isinstance(each, Between) for each in found):
            return pick(found)
        lows, highs = zip(*map(_ends, found), strict=True)
        if most:
            return _span(_known(max, lows), _all(max, highs))
        return _span(_all(min, lows), _known(min, highs))

    return reach


def _ends(span: Any) -> tuple[Any, Any]:
    return span if isinstance(span, Between) else (span, span)


def _span(low: Any, high: Any) -> Any:
    return low if low == high else Between(low, high)


def _all(pick: Any, found: Iterable[Any]) -> Any:
    return None if None in (each := list(found)) else pick(each)


def _known(pick: Any, found: Iterable[Any]) -> Any:
    return pick((each for each in found if each is not None), default=None)
