"""How much is lacking: "R&D 4.2 %, 5 % needed: 84 万元 more" as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from qitong.policies.logic.reference import meaning
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Arith, Compare, Op, Sum, Value
from qitong.policies.logic.units import COUNTED, Kind, Number, normal

INVERSE = {
    Op.LESS: Op.AT_LEAST,
    Op.AT_LEAST: Op.LESS,
    Op.AT_MOST: Op.MORE,
    Op.MORE: Op.AT_MOST,
    Op.EQUAL: Op.UNEQUAL,
    Op.UNEQUAL: Op.EQUAL,
}
"""What a comparison must be when it stands under NOT."""
_WHOLE = (COUNTED - {Kind.YEARS, Kind.POINTS, Kind.AREA}) | {Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Gap:
    """``of`` must rise (``more``) or fall by ``amount`` of ``kind``, all else unchanged.

    Amounts of whole things and money are rounded up to the next whole one (分), so that they suffice;
    other amounts are exact, and where ``beyond`` is set even a little more than that is needed.
    """

    of: Value
    kind: Kind
    amount: Number
    more: bool
    beyond: bool


def gap(leaf: Compare, op: Op, rule: Rule, facts: Mapping[str, Any]) -> Gap | None:
    """What separates a comparison that fails from holding; ``op``: what it should be. None: no amount."""
    share = isinstance(leaf.left, Arith) and leaf.left.op is Sum.DIV
    of = leaf.left.left if isinstance(leaf.left, Arith) and share else leaf.left
    value, bound = meaning(of, rule, facts), meaning(leaf.right, rule, facts)
    if share and isinstance(leaf.left, Arith):
        bound = _times(bound, meaning(leaf.left.right, rule, facts))
    if value is None or bound is None or leaf.kind is Kind.DATE or op is Op.UNEQUAL:
        return None
    kind = (rule.kind_of(of) if share else None) or leaf.kind
    more = bound >= value if op is Op.EQUAL else op in (Op.AT_LEAST, Op.MORE)
    lacking, strict = abs(bound - value), op in (Op.MORE, Op.LESS)
    if kind in _WHOLE:
        return Gap(of, kind, floor(lacking) + 1 if strict else ceil(lacking), more, False)
    return Gap(of, kind, normal(lacking), more, strict)


def _times(a: Number | None, b: Number | None) -> Number | None:
    return None if a is None or b is None else a * b
