"""The specification: what each node of a rule means, in a screenful. Slow, plain, and right.

``facts`` maps names to values in base units (分, fractions, codes, dates), None or absent: missing;
``on`` among them is the day of the evaluation. None is unknown. Every compiler is held to this by
``tests/policies``; when one disagrees with it, this file decides.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from qitong.policies.logic.ages import full
from qitong.policies.logic.outcomes import Outcome, judge
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
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
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: Fraction(a) / b if b > 0 else None,
}


def meaning(  # noqa: C901, PLR0911, PLR0912  the whole meaning on one screen is the point
    node: Tree, rule: Rule, facts: Mapping[str, Any]
) -> Any:
    """The value of a node: a number, a day, True, False, or None for unknown."""
    of = [meaning(part, rule, facts) for part in children(node)]
    match node:
        case Num(value) | Day(value) | Truth(value):
            return value
        case Field(name) | Holds(name):
            return facts.get(name)
        case ScoreOf(name):
            return meaning(rule.score(name), rule, facts)
        case Manual():
            return None
        case Not():
            return None if of[0] is None else not of[0]
        case AllOf():
            return False if False in of else None if None in of else True
        case AnyOf():
            return True if True in of else None if None in of else False
        case AtLeast(count):
            yes, open_ = of.count(True), of.count(None)
            return True if yes >= count else None if yes + open_ >= count else False
        case Choose():
            return None if of[0] is None else of[1] if of[0] else of[2]
    if isinstance(node, Prefix) and node.lenient and facts.get(node.name) is None:
        return True
    if None in of or (isinstance(node, Is | Has | Prefix) and facts.get(node.name) is None):
        return None
    match node:
        case Compare(op) | Arith(op):
            return _BY_SIGN[op](*of)
        case Least() | Most():
            return (min if isinstance(node, Least) else max)(of)
        case Bands(_, steps, otherwise):
            return next((value for bound, value in steps if of[0] >= bound), otherwise)
        case Since(_, unit):
            return full(unit, of[0], facts["on"])
        case Is(name, codes):
            return facts[name] in codes
        case Has(name, code):
            return code in facts[name]
        case Prefix(name, prefixes):
            return facts[name].startswith(prefixes)


def outcome(rule: Rule, facts: Mapping[str, Any]) -> Outcome:
    hard = [meaning(c.node, rule, facts) for c in rule.conditions if not c.manual]
    manual = [meaning(c.node, rule, facts) for c in rule.conditions if c.manual]
    return judge(meaning(rule.scope, rule, facts), hard, manual)
