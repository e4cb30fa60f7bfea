"""Units, checked: how two typed parts of a rule combine, and what to say when they do not.

A bare number takes the kind of whatever it meets, except money: 5000 is neither 元 nor 万元, so it is
refused beside money unless it is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from qitong.kernel.words import Sentence, say
from qitong.policies.logic.tokens import Mistake
from qitong.policies.logic.tree import Arith, Choose, Compare, Least, Most, Node, Num, Op, Place, Sum, Value
from qitong.policies.logic.units import COUNTED, KIND_NAMES, MEASURED, Kind, Number


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a rule with its kind; ``kind`` None: a bare number. Exactly one of value, truth."""

    at: Place
    kind: Kind | None
    value: Value | None = None
    truth: Node | None = None
    text: str = ""
    """A quoted code, which is no value by itself."""


def named(kind: Kind | None) -> Sentence:
    return KIND_NAMES[kind] if kind else say("没有单位的数")


def number(part: Part, *, dates: bool = False) -> Value:
    """The part as a number (or, where allowed, a day); a Mistake when it is neither."""
    if part.value is None or (
        part.kind not in MEASURED and part.kind and not (dates and part.kind is Kind.DATE)
    ):
        raise Mistake(say("此处应为数，而这里是{kind}。", kind=named(part.kind)), part.at)
    return part.value


def truth(part: Part) -> Node:
    if part.truth is None:
        raise Mistake(say("此处应为条件（是或否），而这里是{kind}。", kind=named(part.kind)), part.at)
    return part.truth


def common(parts: Sequence[Part]) -> Kind | None:
    """The kind that all share, bare numbers adopting it; a Mistake at the first that differs."""
    kind = next((part.kind for part in parts if part.kind), None)
    for part in parts:
        if part.kind is None and kind is Kind.MONEY and not _zero(part):
            raise Mistake(say("金额应写明单位，例如 5000万元 或 100元。"), part.at)
        if part.kind is None and kind is Kind.DATE:
            raise Mistake(say("此处应为日期，例如 2026-01-31。"), part.at)
        if part.kind not in (None, kind):
            sentence = say(
                "{left}与{right}不能放在一起比较或加减。", left=named(kind), right=named(part.kind)
            )
            raise Mistake(sentence, part.at)
    return kind


def _zero(part: Part) -> bool:
    return isinstance(part.value, Num) and part.value.value == 0


def compare(left: Part, op: Op, right: Part) -> Part:
    a, b = number(left, dates=True), number(right, dates=True)
    kind = common([left, right])
    if isinstance(a, Num) and isinstance(b, Num):
        raise Mistake(say("两边都是固定的数，这个比较没有意义。"), left.at)
    return Part(left.at, Kind.BOOL, truth=Compare(op, a, b, kind or Kind.RATIO, at=left.at))


def arith(left: Part, op: Sum, right: Part, at: Place) -> Part:
    a, b = number(left), number(right)
    if op in (Sum.ADD, Sum.SUB):
        kind = common([left, right])
    else:
        kind = _product(left, right) if op is Sum.MUL else _quotient(left, right)
    return Part(at, kind, value=Arith(op, a, b))


_PLAIN = (None, Kind.RATIO)


def _product(left: Part, right: Part) -> Kind | None:
    if left.kind in _PLAIN:
        return right.kind or left.kind
    if right.kind in _PLAIN:
        return left.kind
    # So many pieces at so much (元, points) a piece.
    for rate, pieces in ((left.kind, right.kind), (right.kind, left.kind)):
        if rate in (Kind.MONEY, Kind.POINTS) and pieces in COUNTED:
            return rate
    raise Mistake(say("{left}不能与{right}相乘。", left=named(left.kind), right=named(right.kind)), right.at)


def _fixed(node: Value | None) -> Number | None:
    """The number that an expression without facts is; None where there are facts."""
    if isinstance(node, Num):
        return node.value
    if isinstance(node, Arith):
        a, b = _fixed(node.left), _fixed(node.right)
        if a is not None and b is not None and (node.op is not Sum.DIV or b > 0):
            return _FIXED[node.op](a, b)
    return None


_FIXED: dict[Sum, Callable[[Number, Number], Number]] = {
    Sum.ADD: lambda a, b: a + b,
    Sum.SUB: lambda a, b: a - b,
    Sum.MUL: lambda a, b: a * b,
    Sum.DIV: lambda a, b: Fraction(a) / b,
}


def _quotient(left: Part, right: Part) -> Kind | None:
    base = _fixed(right.value)
    if base is not None and base <= 0:
        raise Mistake(say("不能除以零。") if base == 0 else say("除数应大于零。"), right.at)
    if right.kind in _PLAIN:
        return left.kind
    if left.kind == right.kind:
        return Kind.RATIO
    raise Mistake(say("{left}不能除以{right}。", left=named(left.kind), right=named(right.kind)), right.at)


def extreme(parts: Sequence[Part], *, most: bool, at: Place) -> Part:
    values = tuple(number(part) for part in parts)
    return Part(at, common(parts), value=Most(values) if most else Least(values))


def choose(test: Part, then: Part, other: Part, at: Place) -> Part:
    if then.truth is not None or other.truth is not None:
        return Part(at, Kind.BOOL, truth=Choose(truth(test), truth(then), truth(other)))
    kind = common([then, other])
    return Part(at, kind, value=Choose(truth(test), number(then, dates=True), number(other, dates=True)))
