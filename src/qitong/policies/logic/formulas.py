"""An amount or a score as people write it: 应纳税所得额 × (25% − 15%), each number with its unit.

A number in a tree does not say what it is measured in; what is asked of the whole says it of the parts.
"""

from __future__ import annotations

from fractions import Fraction

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.logic import wording
from qitong.policies.logic.asked import phrase
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Arith, Bands, Choose, Least, Most, Num, Sum, Value
from qitong.policies.logic.units import Kind, Number

Text = Sentence | Named
_LOOSE = (Sum.ADD, Sum.SUB)


def formula(node: Value, rule: Rule, kind: Kind | None) -> Text:  # noqa: PLR0911  one return a node
    """The expression in words, where it is of that kind (None: a bare number)."""
    node = _simple(node)
    match node:
        case Num(value):
            return _number(value, kind)
        case Arith():
            return _arith(node, rule, kind)
        case Most(parts) if Num(0) in parts and len(parts) == 2:
            other = next((part for part in parts if part != Num(0)), Num(0))
            return say("{amount}（为负时按零计）", amount=formula(other, rule, kind))
        case Most(parts):
            return say("（{parts}）中较大的", parts=[formula(part, rule, kind) for part in parts])
        case Least(parts):
            return say("（{parts}）中较小的", parts=[formula(part, rule, kind) for part in parts])
        case Choose(test, then, other):
            told = {"then": formula(then, rule, kind), "other": formula(other, rule, kind)}
            return say("{when}时为{then}，否则为{other}", when=phrase(test, rule), **told)
        case Bands():
            return points(node, rule)
    return wording.words(node, rule)


def points(node: Bands, rule: Rule) -> Sentence:
    """A table of points as one sentence, the highest band first."""
    steps = [
        say("{bound}及以上{points}", bound=wording.shown(bound, node.kind), points=_number(got, Kind.POINTS))
        for bound, got in node.steps
    ]
    told = {"what": wording.words(node.measure, rule), "otherwise": _number(node.otherwise, Kind.POINTS)}
    return say("{what}：{steps}，不足的{otherwise}", steps=steps, **told)


def _number(value: Number, kind: Kind | None) -> Named:
    if kind is None and isinstance(value, Fraction):
        kind = Kind.RATIO
    return wording.amount(value, kind)


def _arith(node: Arith, rule: Rule, kind: Kind | None) -> Text:
    kinds = _kinds(node, rule, kind)
    left, right = (
        _within(part, node.op, rule, of, last=last)
        for part, of, last in ((node.left, kinds[0], False), (node.right, kinds[1], True))
    )
    match node.op:
        case Sum.ADD:
            return say("{left} + {right}", left=left, right=right)
        case Sum.SUB:
            return say("{left} − {right}", left=left, right=right)
        case Sum.MUL:
            return say("{left} × {right}", left=left, right=right)
    return say("{left} ÷ {right}", left=left, right=right)


def _simple(node: Value) -> Value:
    """Without a factor of one: 100 % of it is it."""
    while isinstance(node, Arith) and node.op is Sum.MUL and Num(1) in (node.left, node.right):
        node = node.right if node.left == Num(1) else node.left
    return node


def _within(part: Value, op: Sum, rule: Rule, kind: Kind | None, *, last: bool) -> Text:
    """A part of a longer expression, in brackets where it would be read otherwise without."""
    part = _simple(part)
    told = formula(part, rule, kind)
    loose = isinstance(part, Arith) and part.op in _LOOSE and (op not in _LOOSE or (last and op is Sum.SUB))
    nested = isinstance(part, Arith) and last and op is Sum.DIV
    worded = isinstance(part, Choose) or (isinstance(part, Most) and Num(0) in part.parts)
    return say("（{inner}）", inner=told) if loose or nested or worded else told


def _kinds(node: Arith, rule: Rule, kind: Kind | None) -> tuple[Kind | None, Kind | None]:
    """What the two sides are measured in when the whole is of ``kind``: of a product one is the money."""
    if node.op in _LOOSE:
        return kind, kind
    if kind not in (Kind.MONEY, Kind.POINTS):
        return None, None
    if node.op is Sum.DIV or rule.kind_of(node.left) is kind:
        return kind, None
    if rule.kind_of(node.right) is kind or isinstance(node.right, Num):
        return None, kind
    return kind, None
