"""The specification: what each node of a rule means, in a screenful. Slow, plain, and right.

``facts`` maps names to values in base units (分, fractions, codes, dates), None or absent: missing;
``on`` among them is the day of the evaluation. None is unknown. Every compiler is held to this by
``tests/policies``; when one disagrees with it, this file decides.

A number is known or it is not, and a comparison with one that is not is unknown. Only the best and the least
of several look further: a table of points lies between its least and its most whatever is missing, so the
best is known when one part reaches all that the others could. A choice is when both branches say the same.
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
_BY_OP: dict[str, Any] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
Ends = tuple[Any, Any]


def meaning(  # noqa: C901, PLR0911, PLR0912  the whole meaning on one screen is the point
    node: Tree, rule: Rule, facts: Mapping[str, Any]
) -> Any:
    """The value of a node: a number, a day, True, False, or None for unknown."""
    if not isinstance(node, (*LEAVES, AllOf, AnyOf, Not, AtLeast, Choose)):
        return _number(node, rule, facts)
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
            value, bound = meaning(left, rule, facts), meaning(right, rule, facts)
            return None if value is None or bound is None else bool(_BY_OP[op](value, bound))
        case Is(name, codes):
            return facts[name] in codes
        case Has(name, code):
            return code in facts[name]
        case Prefix(name, prefixes):
            return facts[name].startswith(prefixes)
        case Choose():
            return _chosen(node, rule, facts)
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


def _number(node: Tree, rule: Rule, facts: Mapping[str, Any]) -> Any:
    match node:
        case Num(value) | Day(value):
            return value
        case Field(name):
            return facts.get(name)
        case Since(start, unit):
            day = meaning(start, rule, facts)
            return None if day is None else full(unit, day, facts["on"])
        case Choose():
            return _chosen(node, rule, facts)
        case Arith(op, left, right):
            a, b = meaning(left, rule, facts), meaning(right, rule, facts)
            return None if a is None or b is None else _BY_SIGN[op](a, b)
    low, high = reach(node, rule, facts)
    return low if low == high else None


def _chosen(node: Choose, rule: Rule, facts: Mapping[str, Any]) -> Any:
    taken = meaning(node.test, rule, facts)
    if taken is not None:
        return meaning(node.then if taken else node.other, rule, facts)
    either, other = meaning(node.then, rule, facts), meaning(node.other, rule, facts)
    return either if either == other else None


def reach(node: Tree, rule: Rule, facts: Mapping[str, Any]) -> Ends:
    """The ends between which a number lies, both included; None: as low, or as high, as may be."""
    match node:
        case ScoreOf(name):
            return reach(rule.score(name), rule, facts)
        case Bands(measure, steps, otherwise):
            found, points = meaning(measure, rule, facts), [*(value for _, value in steps), otherwise]
            if found is None:
                return min(points), max(points)
            got = next((value for bound, value in steps if found >= bound), otherwise)
            return got, got
        case Least(parts):
            lows, highs = _ends(parts, rule, facts)
            return _all(min, lows), _known(min, highs)
        case Most(parts):
            lows, highs = _ends(parts, rule, facts)
            return _known(max, lows), _all(max, highs)
    value = meaning(node, rule, facts)
    return value, value


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


def outcome(rule: Rule, facts: Mapping[str, Any]) -> Outcome:
    hard = [meaning(c.node, rule, facts) for c in rule.conditions if not c.manual]
    manual = [meaning(c.node, rule, facts) for c in rule.conditions if c.manual]
    return judge(meaning(rule.scope, rule, facts), hard, manual)
