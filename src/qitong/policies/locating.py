"""Where in a policy's data something of its rule is written, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Loc
from qitong.policies.compiling import named
from qitong.policies.logic.changes import Spot
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Choose,
    Compare,
    Day,
    Holds,
    Is,
    Least,
    Most,
    Not,
    Num,
    Place,
    Tree,
    children,
)
from qitong.policies.schema import Policy

_LITERAL = re.compile(r"-?\s*\d{4}-\d{2}-\d{2}(?!\d)|-?\s*\d+(\.\d+)?(\s*(%|[\u4e00-\u9fff]+))?")
_JOINED: dict[type, str] = {AllOf: "and", AnyOf: "or", Not: "not", Choose: "if", Least: "min", Most: "max"}


def place(policy: Policy, spot: Spot) -> tuple[Loc, int]:
    """The place in the data, and the offset in its text; -1 where the value as a whole is meant."""
    loc = _loc(policy, spot)
    written = _at(policy, loc)
    if spot.node is None or spot.band is not None:
        return loc, -1
    found = _place(spot.node) or Place(1, 1)
    lines = written.split("\n")
    return loc, sum(len(line) + 1 for line in lines[: found.line - 1]) + found.column - 1


def literal(policy: Policy, spot: Spot) -> str:
    """What can change there, as it is written."""
    loc, offset = place(policy, spot)
    written = _at(policy, loc)
    node = spot.node
    if node is None:
        return f"{loc[-1]}: {written}" if isinstance(written, str) else str(loc[-1])
    if spot.band is not None:
        return str(written)
    if isinstance(node, Holds | Is) or spot.code:
        return _of_codes(spot)
    if isinstance(node, Compare):
        bound = _literal(written, offset) if isinstance(node.right, Num | Day) else ""
        return f"{node.op} {bound}".strip()
    if isinstance(node, Arith):
        return str(node.op)
    return _JOINED.get(type(node)) or _literal(written, offset) or str(written)


def _of_codes(spot: Spot) -> str:
    if isinstance(spot.node, Is) and spot.code not in spot.node.codes:  # taken in: the others stand there
        return ", ".join(spot.node.codes)
    return spot.code or str(getattr(spot.node, "name", ""))


def where(policy: Policy, spot: Spot) -> Sentence:
    """The part of the policy, as its readers call it."""
    kind, index = spot.section
    if kind == "applies":
        return say("适用范围")
    if kind in ("conditions", "manual"):
        return say("条件{id}", id=policy.conditions[index].id)
    if kind in ("scores", "best"):
        return say("{name}", name=named(policy.scores[index].label))
    if kind == "figures":
        return say("{name}", name=named(list(policy.figures.values())[index].label))
    return say("最高限额") if _is_ceiling(policy, spot) else say("享受的金额")


def _loc(policy: Policy, spot: Spot) -> Loc:
    kind, index = spot.section
    if kind in ("conditions", "manual"):
        return ("conditions", index, "rule" if kind == "conditions" else "kind")
    if kind == "figures":
        return ("figures", list(policy.figures)[index], "amount")
    if kind == "benefit":
        return ("benefit", "ceiling" if _is_ceiling(policy, spot) else "amount")
    return _score_loc(policy, spot) if kind in ("scores", "best") else ("applies_when",)


def _score_loc(policy: Policy, spot: Spot) -> Loc:
    kind, index = spot.section
    form = "best_of" if policy.scores[index].best_of else "sum_of"
    if kind == "best":
        return ("scores", index, form)
    part: Loc = ("scores", index, form, spot.part)
    if spot.band is None:
        return (*part, "expr" if policy.scores[index].parts[spot.part].expr is not None else "measure")
    row, column = spot.band
    return (*part, "below") if row < 0 else (*part, "bands", row, column)


def _is_ceiling(policy: Policy, spot: Spot) -> bool:
    """The ceiling is the last part of the least that the amount is."""
    return policy.benefit.ceiling is not None and (not spot.path or spot.path == (1,))


def _at(policy: Policy, loc: Loc) -> Any:
    value: Any = policy
    for step in loc:
        plain = isinstance(value, Mapping) or isinstance(step, int)
        value = value[step] if plain else getattr(value, str(step))
    return value


def _place(node: Tree) -> Place | None:
    """Where it begins, or the number it compares with; None of what says nothing about its place."""
    if isinstance(node, Compare):
        return node.right.at if isinstance(node.right, Num | Day) else node.at
    if isinstance(node, (Num, Day, AtLeast, *LEAVES)):
        return node.at
    return next((found for part in children(node) if (found := _place(part)) is not None), None)


def _literal(text: Any, offset: int) -> str:
    found = _LITERAL.match(text, offset) if isinstance(text, str) and offset >= 0 else None
    return found[0] if found else ""


__all__ = ["literal", "place", "where"]
