"""Comparisons that come out the same for every company: a slip in a number or its unit.

``debt_ratio <= 80`` for 80 % holds always, as no share is above 1. No worked example can be at such a bound,
so none would be missed.
"""

from __future__ import annotations

from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Loc
from qitong.policies.crossrefs import Read
from qitong.policies.logic.ranges import settled
from qitong.policies.logic.tree import Compare, Node, Num, walk

_ALWAYS = say("这个比较对任何企业都成立，不起作用；请核对数和单位。")
_NEVER = say("这个比较对任何企业都不成立；请核对数和单位。")


def complain(each: Read) -> None:
    """Complain about each such comparison at its place."""
    if each.policy.applies_when is not None:
        _look(each, ("applies_when",), each.policy.applies_when, each.rule.applies)
    for index, condition in enumerate(each.rule.conditions):
        text = each.policy.conditions[index].rule
        _look(each, ("conditions", index, "rule"), text, condition.node)


def _look(each: Read, loc: Loc, text: str, node: Node) -> None:
    lines = text.split("\n")
    for part in walk(node):
        if isinstance(part, Compare) and (found := settled(part, each.rule)) is not None:
            at = part.right.at if isinstance(part.right, Num) else part.at
            offset = sum(len(line) + 1 for line in lines[: at.line - 1]) + at.column - 1
            each.document.complain_inside(loc, offset, _ALWAYS if found else _NEVER)
