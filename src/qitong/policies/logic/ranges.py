"""How large numbers can get: intervals of values, and a proof that 64-bit integers suffice.

A store keeps every fact as a whole number of its smallest amounts. A share is then compared crosswise,
``n·q >= p·d``; :func:`widest` is the largest number met on the way, from the ranges of the facts.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    Arith,
    Bands,
    Choose,
    Compare,
    Field,
    Least,
    Most,
    Num,
    Op,
    ScoreOf,
    Since,
    Sum,
    Tree,
    Value,
    children,
)
from qitong.policies.logic.units import Number

INT64 = 2**63 - 1
_ENDLESS = Fraction(10**40)
"""Stands for a share whose base may come as near to zero as it likes."""

Interval = tuple[Number, Number]


def bounds(node: Value, rule: Rule) -> Interval:  # noqa: PLR0911  one return a node
    """The least and the most that a number can be, as far as the ranges of its facts tell."""
    match node:
        case Num(value):
            return (value, value)
        case Field(name):
            return (rule.fields[name].least, rule.fields[name].most)
        case ScoreOf(name):
            return bounds(rule.score(name), rule)
        case Bands(_, steps, otherwise):
            points = [value for _, value in steps] + [otherwise]
            return (min(points), max(points))
        case Arith(op, left, right):
            return _arith(op, bounds(left, rule), bounds(right, rule))
        case Least(parts) | Most(parts):
            lows = [bounds(part, rule)[0] for part in parts]
            highs = [bounds(part, rule)[1] for part in parts]
            return (min(lows), min(highs)) if isinstance(node, Least) else (max(lows), max(highs))
        case Choose(_, then, other):
            a, b = bounds(then, rule), bounds(other, rule)
            return (min(a[0], b[0]), max(a[1], b[1]))
        case Since():
            return (0, 12 * 10_000)
    return (-_ENDLESS, _ENDLESS)


def _arith(op: Sum, a: Interval, b: Interval) -> Interval:
    match op:
        case Sum.ADD:
            return (a[0] + b[0], a[1] + b[1])
        case Sum.SUB:
            return (a[0] - b[1], a[1] - b[0])
        case Sum.MUL:
            ends = [x * y for x, y in product(a, b)]
            return (min(ends), max(ends))
    if b[0] <= 0:  # the base is at least its smallest amount, which may be very small
        return (-_ENDLESS if a[0] < 0 else 0, _ENDLESS)
    ends = [Fraction(x) / y for x, y in product(a, b)]
    return (min(ends), max(ends))


def settled(leaf: Compare, rule: Rule) -> bool | None:
    """What a comparison is whatever the facts are within their ranges; None: it depends on them."""
    (a, b), (c, d) = bounds(leaf.left, rule), bounds(leaf.right, rule)
    always = {
        Op.LESS: b < c,
        Op.AT_MOST: b <= c,
        Op.MORE: a > d,
        Op.AT_LEAST: a >= d,
        Op.EQUAL: a == b == c == d,
        Op.UNEQUAL: b < c or a > d,
    }
    never = {
        Op.LESS: a >= d,
        Op.AT_MOST: a > d,
        Op.MORE: b <= c,
        Op.AT_LEAST: b < c,
        Op.EQUAL: b < c or a > d,
        Op.UNEQUAL: a == b == c == d,
    }
    return True if always[leaf.op] else False if never[leaf.op] else None


def widest(tree: Tree, rule: Rule) -> int:
    """The largest whole number that comparing crosswise meets anywhere in ``tree``.

    At most :data:`INT64` when a compiler to 64-bit integers needs no care; numbers are taken as
    (numerator, denominator) of smallest amounts, as such a compiler would.
    """
    most = max((widest(part, rule) for part in children(tree)), default=0)
    if isinstance(tree, Compare):
        (n, d), (p, q) = _pair(tree.left, rule), _pair(tree.right, rule)
        most = max(most, n * q, p * d)
    elif isinstance(tree, Least | Most):
        n, d = _pair(tree, rule)
        most = max(most, n * d)
    elif isinstance(tree, Bands):
        n, d = _pair(tree.measure, rule)
        steps = [Fraction(bound) for bound, _ in tree.steps]
        most = max(most, *(max(n * s.denominator, abs(s.numerator) * d) for s in steps))
    return most


def _pair(node: Value, rule: Rule) -> tuple[int, int]:  # noqa: PLR0911  one return a node
    """Upper bounds of the numerator and the denominator, in absolute value."""
    match node:
        case Num(value):
            fraction = Fraction(value)
            return (abs(fraction.numerator), fraction.denominator)
        case Field(name):
            spec = rule.fields[name]
            return (int(max(-Fraction(spec.least), Fraction(spec.most)) * spec.grain), spec.grain)
        case ScoreOf(name):
            return _pair(rule.score(name), rule)
        case Arith(op, left, right):
            (a, b), (c, d) = _pair(left, rule), _pair(right, rule)
            if op is Sum.MUL:
                return (a * c, b * d)
            return (a * d, b * c) if op is Sum.DIV else (a * d + c * b, b * d)
        case Least(parts) | Most(parts):
            pairs = [_pair(part, rule) for part in parts]
            return (max(n for n, _ in pairs), max(d for _, d in pairs))
        case Choose(_, then, other):
            pairs = [_pair(then, rule), _pair(other, rule)]
            return (max(n for n, _ in pairs), max(d for _, d in pairs))
        case Bands(_, steps, otherwise):
            points = [Fraction(value) for _, value in steps] + [Fraction(otherwise)]
            return (max(abs(p.numerator) for p in points), max(p.denominator for p in points))
        case Since():
            return (12 * 10_000, 1)
    return (0, 1)
