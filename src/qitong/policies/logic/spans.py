"""Numbers that are known between two ends only, and how they are added, chosen and compared.

A span is the number itself where it is known, a :class:`Between` where it is not, None where nothing is. What
these functions say is what ``reference.reach`` says; they are made once and called often.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Arith, Bands, Choose, Least, Most, Num, Op, ScoreOf, Sum, Value
from qitong.policies.logic.units import Number

Facts: TypeAlias = Mapping[str, Any]
Reach: TypeAlias = Callable[[Facts], Any]


class Between(NamedTuple):
    """Both ends included; None: as low, or as high, as may be."""

    low: Any
    high: Any


def spread(node: Value, rule: Rule) -> bool:
    """Whether the number may be known between two ends without being known."""
    match node:
        case Bands() | Choose() | Least() | Most():
            return True
        case ScoreOf(name):
            return spread(rule.score(name), rule)
        case Arith(Sum.ADD | Sum.SUB, left, right):
            return spread(left, rule) or spread(right, rule)
        case Arith(Sum.MUL, Num(), other) | Arith(Sum.MUL | Sum.DIV, other, Num()):
            return spread(other, rule)
    return False


def ends(span: Any) -> tuple[Any, Any]:
    return span if isinstance(span, Between) else (span, span)


def span(low: Any, high: Any) -> Any:
    return low if low == high else Between(low, high)


def exact(reach: Reach) -> Reach:
    """The number where it is known, else None."""

    def known(facts: Facts) -> Any:
        found = reach(facts)
        return None if isinstance(found, Between) else found

    return known


def compared(op: Op, left: Any, right: Any) -> bool | None:
    """What a comparison of spans comes to; None when some values between the ends could turn it."""
    (a, b), (c, d) = ends(left), ends(right)
    at_most, under = _is(operator.le, b, c), _is(operator.lt, b, c)
    at_least, over = _is(operator.ge, a, d), _is(operator.gt, a, d)
    match op:
        case Op.LESS:
            return _told(under, at_least)
        case Op.AT_MOST:
            return _told(at_most, over)
        case Op.MORE:
            return _told(over, at_most)
        case Op.AT_LEAST:
            return _told(at_least, under)
        case Op.EQUAL:
            return _told(at_most and at_least, under or over)
    return _told(under or over, at_most and at_least)


def _is(holds: Callable[[Any, Any], bool], a: Any, b: Any) -> bool:
    return a is not None and b is not None and holds(a, b)


def _told(yes: bool, no: bool) -> bool | None:
    return True if yes else False if no else None


# ---- made once, called often


def banded(exactly: Reach, points: Sequence[Number]) -> Reach:
    """A table of points whose measure may be unknown: between its least and its most."""
    unknown = span(min(points), max(points))

    def reach(facts: Facts) -> Any:
        found = exactly(facts)
        return unknown if found is None else found

    return reach


def chosen(test: Callable[[Facts], bool | None], then: Reach, other: Reach) -> Reach:
    def reach(facts: Facts) -> Any:
        taken = test(facts)
        if taken is not None:
            return then(facts) if taken else other(facts)
        (a, b), (c, d) = ends(then(facts)), ends(other(facts))
        return span(_all(min, (a, c)), _all(max, (b, d)))

    return reach


def extreme(parts: Sequence[Reach], *, most: bool) -> Reach:
    pick = max if most else min

    def reach(facts: Facts) -> Any:
        found = [part(facts) for part in parts]
        if not any(each is None or isinstance(each, Between) for each in found):
            return pick(found)
        lows, highs = zip(*map(ends, found), strict=True)
        if most:
            return span(_known(max, lows), _all(max, highs))
        return span(_all(min, lows), _known(min, highs))

    return reach


def summed(left: Reach, right: Reach, *, minus: bool) -> Reach:
    sign = operator.sub if minus else operator.add

    def reach(facts: Facts) -> Any:
        x, y = left(facts), right(facts)
        if x is None or y is None:
            return None
        if not (isinstance(x, Between) or isinstance(y, Between)):
            return sign(x, y)
        (a, b), (c, d) = ends(x), ends(y)
        if minus:
            c, d = d, c
        return span(*(None if p is None or q is None else sign(p, q) for p, q in ((a, c), (b, d))))

    return reach


def scaled(of: Reach, factor: Number) -> Reach:
    def reach(facts: Facts) -> Any:
        found = of(facts)
        if found is None:
            return None
        if not isinstance(found, Between):
            return found * factor
        low, high = (None if end is None else end * factor for end in found)
        return span(low, high) if factor >= 0 else span(high, low)

    return reach


def _all(pick: Any, found: Iterable[Any]) -> Any:
    return None if None in (each := list(found)) else pick(each)


def _known(pick: Any, found: Iterable[Any]) -> Any:
    return pick((each for each in found if each is not None), default=None)
