"""The specification: what each node of a rule means, in a screenful. Slow, plain, and right.

``facts`` maps names to values in base units (分, fractions, codes, dates), None or absent: missing;
``on`` among them is the day of the evaluation. None is unknown. Every compiler is held to this by
``tests/policies``; when one disagrees with it, this file decides.

What is not known exactly may still be known well enough: of a table of points its least and its most, of a
choice its branches, of the best of several what is reached already. So a number lies between two ends (None:
open); it is known when they meet, and a comparison is when no value between them could turn it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from qitong.policies.logic.ages import full
from qitong.policies.logic.outcomes import Outcome, judge
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Bands,
    Choose,
    Compare,
    Day,
    Field,
    Has,
    Holds,
    Is,
    Least,
    Manual,
    Most,
    Not,
    Num,
    Prefix,
    ScoreOf,
    Since,
    Tree,
    Truth,
    children,
)

_BY_SIGN: dict[str, Any] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: Fraction(a) / b if b > 0 else None,
}
Ends = tuple[Any, Any]


def meaning(  # noqa: C901, PLR0911, PLR0912  the whole meaning on one screen is the point
    node: Tree, rule: Rule, facts: Mapping[str, Any]
) -> Any:
    """The value of a node: a number, a day, True, False, or None for unknown."""
    if not isinstance(node, (*LEAVES, AllOf, AnyOf, Not, AtLeast, Choose)):
        low, high = reach(node, rule, facts)
        return low if low == high else None
    if isinstance(node, Is | Has | Prefix) and facts.get(node.name) is None:
        return True if isinstance(node, Prefix) and node.lenient else None
    match node:
        case Truth(value):
            return value
        case Holds(name):
            return facts.get(name)
        case Manual():
            return None
        case Compare(op, left, right):
            return _compared(op, reach(left, rule, facts), reach(right, rule, facts))
        case Is(name, codes):
            return facts[name] in codes
        case Has(name, code):
            return code in facts[name]
        case Prefix(name, prefixes):
            return facts[name].startswith(prefixes)
        case Choose():
            low, high = reach(node, rule, facts)  # of truths: what both branches say is known
            return low if low == high else None
    of = [meaning(part, rule, facts) for part in children(node)]
    match node:
        case Not():
            return None if of[0] is None else not of[0]
        case AllOf():
            return False if False in of else None if None in of else True
        case AnyOf():
            return True if True in of else None if None in of else False
        case AtLeast(count):
            yes, open_ = of.count(True), of.count(None)
            return True if yes >= count else None if yes + open_ >= count else False


def reach(  # noqa: C901, PLR0911
    node: Tree, rule: Rule, facts: Mapping[str, Any]
) -> Ends:
    """The ends between which a number or a day lies, both included; None: as low, or as high, as may be."""
    match node:
        case Num(value) | Day(value):
            return value, value
        case Field(name):
            return facts.get(name), facts.get(name)
        case ScoreOf(name):
            return reach(rule.score(name), rule, facts)
        case Since(start, unit):
            day = meaning(start, rule, facts)
            months = None if day is None else full(unit, day, facts["on"])
            return months, months
        case Bands(measure, steps, otherwise):
            found, points = meaning(measure, rule, facts), [*(value for _, value in steps), otherwise]
            if found is None:
                return min(points), max(points)
            got = next((value for bound, value in steps if found >= bound), otherwise)
            return got, got
        case Choose(test, then, other):
            taken = meaning(test, rule, facts)
            if taken is not None:
                return reach(then if taken else other, rule, facts)
            lows, highs = _ends((then, other), rule, facts)
            return _all(min, lows), _all(max, highs)
        case Least(parts):
            lows, highs = _ends(parts, rule, facts)
            return _all(min, lows), _known(min, highs)
        case Most(parts):
            lows, highs = _ends(parts, rule, facts)
            return _known(max, lows), _all(max, highs)
        case Arith():
            return _arith(node, rule, facts)
    truth = meaning(node, rule, facts)
    return truth, truth


def _arith(node: Arith, rule: Rule, facts: Mapping[str, Any]) -> Ends:
    (a, b), (c, d) = reach(node.left, rule, facts), reach(node.right, rule, facts)
    sign = _BY_SIGN[node.op]

    def of(x: Any, y: Any) -> Any:
        return None if x is None or y is None else sign(x, y)

    match node:
        case Arith("+"):
            return of(a, c), of(b, d)
        case Arith("-"):
            return of(a, d), of(b, c)
        case Arith("*", Num(factor)):
            return (of(factor, c), of(factor, d)) if factor >= 0 else (of(factor, d), of(factor, c))
        case Arith("*", _, Num(factor)):
            return (of(a, factor), of(b, factor)) if factor >= 0 else (of(b, factor), of(a, factor))
        case Arith("/", _, Num(factor)):
            return of(a, factor), of(b, factor)
    exact = of(a, c) if a == b and c == d else None
    return exact, exact


def _ends(
    parts: Iterable[Tree], rule: Rule, facts: Mapping[str, Any]
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    lows, highs = zip(*(reach(part, rule, facts) for part in parts), strict=True)
    return lows, highs


def _all(pick: Any, ends: Iterable[Any]) -> Any:
    """Open when one of them is."""
    return None if None in (found := list(ends)) else pick(found)


def _known(pick: Any, ends: Iterable[Any]) -> Any:
    """Of those that are not open."""
    return pick((end for end in ends if end is not None), default=None)


def _compared(op: str, left: Ends, right: Ends) -> bool | None:
    (a, b), (c, d) = left, right
    at_most, under = _is(operator.le, b, c), _is(operator.lt, b, c)
    at_least, over = _is(operator.ge, a, d), _is(operator.gt, a, d)
    yes, no = {
        "<": (under, at_least),
        "<=": (at_most, over),
        ">": (over, at_most),
        ">=": (at_least, under),
        "==": (at_most and at_least, under or over),
        "!=": (under or over, at_most and at_least),
    }[op]
    return True if yes else False if no else None


def _is(holds: Any, a: Any, b: Any) -> bool:
    return a is not None and b is not None and bool(holds(a, b))


def outcome(rule: Rule, facts: Mapping[str, Any]) -> Outcome:
    hard = [meaning(c.node, rule, facts) for c in rule.conditions if not c.manual]
    manual = [meaning(c.node, rule, facts) for c in rule.conditions if c.manual]
    return judge(meaning(rule.scope, rule, facts), hard, manual)
