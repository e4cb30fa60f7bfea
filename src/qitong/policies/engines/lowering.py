"""From the typed tree of a rule to plain columns: every number a pair of whole ones, shares crosswise.

A value is ``number / base`` with a base above zero, both whole, in the smallest amounts a store keeps;
nothing is ever divided. A base that is zero or less makes both missing. Bounds that are constants become the
nearest whole amount on the right side: ``rd / sales >= 5 %`` is ``rd * 20 >= sales``, no float anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple

from qitong.policies.engines.plan import Builder, Do, Is, Term
from qitong.policies.logic import tree as t
from qitong.policies.logic.ages import full
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.tree import Node, Op, Sum, Tree, Value
from qitong.policies.logic.units import Kind, Number

SET_SIGN = "\x1f"
"""Joins a set of codes and one of its codes to the name of the column that says whether it is in."""

_FLIPPED = {
    Op.LESS: Op.MORE, Op.MORE: Op.LESS, Op.AT_MOST: Op.AT_LEAST, Op.AT_LEAST: Op.AT_MOST,
    Op.EQUAL: Op.EQUAL, Op.UNEQUAL: Op.UNEQUAL,
}  # fmt: skip


class Share(NamedTuple):
    number: Term
    base: Term


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition as a three-valued column."""

    id: str
    manual: bool
    holds: Term


@dataclass(frozen=True, slots=True)
class Plan:
    """A policy as columns.

    ``verdict``: yes, it is ``eligible`` (or ``manual_review`` where ``manual``); missing, it is ``unknown``;
    no, it is ``not_eligible``, or ``not_applicable`` where ``outside`` is yes. ``needs``: for each fact,
    whether it is missing and could settle what is unknown.
    """

    id: str
    verdict: Term
    outside: Term
    manual: bool
    conditions: tuple[Checked, ...]
    needs: tuple[tuple[str, Term], ...]
    benefit: Share


def plan(rule: Rule, fields: Mapping[str, FieldSpec], builder: Builder, on: dt.date) -> Plan:
    """``fields`` tells the range and grain of each column; Refused when a number grows too large."""
    lowering = Lowering(rule, fields, builder, on)
    applies = lowering.truth(rule.scope)
    checked = tuple(Checked(c.id, c.manual, lowering.truth(c.node)) for c in rule.conditions)
    parts = [applies]
    for each in checked:
        asked = [each.holds, builder.unknown(each.holds)]
        parts.append(builder.some(asked) if each.manual else each.holds)
    hard = [c.node for c in rule.conditions if not c.manual]
    outside = builder.every([builder.no_longer(builder.unknown(applies)), builder.no_longer(applies)])
    return Plan(
        id=rule.id,
        verdict=builder.every(parts),
        outside=outside,
        manual=any(each.manual for each in checked),
        conditions=checked,
        needs=lowering.needs([rule.scope, *hard]),
        benefit=lowering.value(rule.benefit.node),
    )


class Lowering:
    """One rule to terms of one builder."""

    def __init__(self, rule: Rule, fields: Mapping[str, FieldSpec], builder: Builder, on: dt.date) -> None:
        self._rule = rule
        self._fields = fields
        self._make = builder
        self._on = on
        self._scores: dict[str, Share] = {}

    # ---- numbers

    def value(self, node: Value) -> Share:  # noqa: C901, PLR0911  one return a node
        match node:
            case t.Num(number):
                return self._constant(number)
            case t.Day(day):
                return Share(self._make.const(day, Is.DAY), self._make.number(1))
            case t.Field(name):
                return self._field(name)
            case t.ScoreOf(name):
                if name not in self._scores:
                    self._scores[name] = self.value(self._rule.score(name))
                return self._scores[name]
            case t.Arith(op, left, right):
                return self._arith(op, self.value(left), self.value(right))
            case t.Least(parts) | t.Most(parts):
                sign = Op.AT_MOST if isinstance(node, t.Least) else Op.AT_LEAST
                return self._extreme([self.value(part) for part in parts], sign)
            case t.Bands():
                return self._bands(node)
            case t.Since(start, unit):
                return self._since(self.value(start).number, unit)
            case t.Choose(test, then, other):
                return self._cases([(self.truth(test), self.value(then))], self.value(other))

    def _constant(self, number: Number) -> Share:
        exact = Fraction(number)
        return Share(self._make.number(exact.numerator), self._make.number(exact.denominator))

    def _field(self, name: str) -> Share:
        spec = self._fields[name]
        if spec.kind is Kind.DATE:
            return Share(self._make.column(name, Is.DAY), self._make.number(1))
        low, high = (int(Fraction(end) * spec.grain) for end in (spec.least, spec.most))
        return Share(self._make.column(name, Is.NUMBER, low, high), self._make.number(spec.grain))

    def _arith(self, op: Sum, a: Share, b: Share) -> Share:
        make = self._make
        if op is Sum.MUL:
            return self._reduced(make.mul(a.number, b.number), make.mul(a.base, b.base))
        if op is Sum.DIV:
            base = make.positive(b.number)
            return self._reduced(make.mul(a.number, b.base), make.mul(a.base, base))
        (left, right), base = self._on_one_base([a, b])
        return Share(make.add(left, right, minus=op is Sum.SUB), base)

    def _on_one_base(self, shares: list[Share]) -> tuple[list[Term], Term]:
        make = self._make
        if all(share.base.known for share in shares):
            common = lcm(*(share.base.data for share in shares))
            return [make.times(s.number, common // s.base.data) for s in shares], make.number(common)
        base = make.number(1)
        for share in shares:
            base = make.mul(base, share.base)
        numbers = []
        for place, share in enumerate(shares):
            number = share.number
            for other in shares[:place] + shares[place + 1 :]:
                number = make.mul(number, other.base)
            numbers.append(number)
        return numbers, base

    def _reduced(self, number: Term, base: Term) -> Share:
        """Without the constant factor that both have."""
        (a, x), (b, y) = _factor(number), _factor(base)
        common = gcd(a, b) or 1
        return Share(self._scaled(x, a // common), self._scaled(y, b // common))

    def _scaled(self, core: Term | None, factor: int) -> Term:
        return self._make.number(factor) if core is None else self._make.times(core, factor)

    def _extreme(self, shares: list[Share], sign: Op) -> Share:
        found = shares[0]
        for share in shares[1:]:
            found = self._cases([(self.compare(sign, found, share), found)], share)
        return found

    def _bands(self, node: t.Bands) -> Share:
        measure = self.value(node.measure)
        steps = [
            (self.compare(Op.AT_LEAST, measure, self._constant(bound)), self._constant(points))
            for bound, points in node.steps
        ]
        otherwise = self._constant(node.otherwise)
        return self._cases(steps or [(self.compare(Op.EQUAL, measure, measure), otherwise)], otherwise)

    def _since(self, day: Term, unit: Kind) -> Share:
        make = self._make
        if day.known:
            months = full(Kind.MONTHS, day.data, self._on)
            term = make.const(months, Is.NUMBER)
        else:
            term = make.months(day)
        if unit is Kind.MONTHS:
            return Share(term, make.number(1))
        return Share(make.add(term, make.rest(term), minus=True), make.number(12))

    def _cases(self, steps: list[tuple[Term, Share]], otherwise: Share) -> Share:
        make, shares = self._make, [share for _, share in steps] + [otherwise]
        tests = [test for test, _ in steps]
        if all(share.base.known for share in shares):
            numbers, base = self._on_one_base(shares)
            return Share(make.case(list(zip(tests, numbers[:-1], strict=True)), numbers[-1]), base)
        number = make.case([(test, share.number) for test, share in steps], otherwise.number)
        return Share(number, make.case([(test, share.base) for test, share in steps], otherwise.base))

    # ---- truths

    def truth(self, node: Node) -> Term:  # noqa: C901, PLR0911  one return a node
        make = self._make
        match node:
            case t.Compare(op, left, right):
                return self.compare(op, self.value(left), self.value(right))
            case t.Holds(name):
                return make.column(name, Is.TRUTH)
            case t.Is(name, codes):
                return make.one_of(make.column(name, Is.CODE), codes)
            case t.Prefix(name, prefixes, lenient=lenient):
                code = make.column(name, Is.CODE)
                begins = make.begins(code, prefixes)
                return make.some([make.unknown(code), begins]) if lenient else begins
            case t.Has(name, code):
                return make.column(f"{name}{SET_SIGN}{code}", Is.TRUTH)
            case t.Truth(value):
                return make.yes if value else make.no
            case t.Manual():
                return make.const(None, Is.TRUTH)
            case t.AllOf(parts):
                return make.every([self.truth(part) for part in parts])
            case t.AnyOf(parts):
                return make.some([self.truth(part) for part in parts])
            case t.Not(part):
                return make.no_longer(self.truth(part))
            case t.AtLeast(count, parts):
                return make.at_least(count, [self.truth(part) for part in parts])
            case t.Choose(test, then, other):
                return make.choose(self.truth(test), self.truth(then), self.truth(other))

    def compare(self, op: Op, a: Share, b: Share) -> Term:
        """Crosswise, so far reduced that a constant bound is one whole number."""
        make = self._make
        if a.number.kind is Is.DAY or b.number.kind is Is.DAY:
            return make.compare(op, a.number, b.number)
        left, right = self._reduced(make.mul(a.number, b.base), make.mul(b.number, a.base))
        if left.known and not right.known:
            op, left, right = _FLIPPED[op], right, left
        if right.known and not left.known:
            return self._against(op, left, right.data)
        return make.compare(op, left, right)

    def _against(self, op: Op, left: Term, bound: int) -> Term:
        factor, core = _factor(left)
        if core is None or factor == 0 or left.missing:
            return self._make.compare(op, left, self._make.number(bound))
        if factor < 0:
            op, factor, bound = _FLIPPED[op], -factor, -bound
        if bound % factor and op in (Op.EQUAL, Op.UNEQUAL):
            # No whole amount is equal: never, or always, but missing where the amount is.
            op, bound = (Op.LESS if op is Op.EQUAL else Op.AT_LEAST), core.low * factor
        up = op in (Op.AT_LEAST, Op.LESS)
        whole = -(-bound // factor) if up else bound // factor
        whole = min(max(whole, core.low - 1), core.high + 1)
        return self._make.compare(op, core, self._make.number(whole))

    # ---- what is missing

    def needs(self, roots: list[Node]) -> tuple[tuple[str, Term], ...]:
        """For each fact, when its being missing keeps one of the roots unknown; see ``logic.missing``."""
        found: dict[str, list[Term]] = {}
        for root in roots:
            for name, when in self._open(root, []):
                found.setdefault(name, []).append(when)
        return tuple((name, self._make.some(when)) for name, when in found.items())

    def _open(self, node: Tree, above: list[Term]) -> Iterator[tuple[str, Term]]:
        make = self._make
        match node:
            case t.Prefix(lenient=True):
                return
            case t.Field(name) | t.Is(name) | t.Has(name) | t.Prefix(name) | t.Holds(name):
                yield name, make.every([*above, make.unknown(self._column(node))])
            case t.ScoreOf(name):
                yield from self._open(self._rule.score(name), above)
            case t.Choose(test, then, other):
                yield from self._choice(test, then, other, [*above, self._unknown(node)])
            case t.AllOf() | t.AnyOf() | t.AtLeast():
                for part in t.children(node):
                    yield from self._open(part, [*above, self._unknown(node)])
            case _:  # whatever part of these is missing, so are they
                for part in t.children(node):
                    yield from self._open(part, above)

    def _choice(self, test: Node, then: Tree, other: Tree, above: list[Term]) -> Iterator[tuple[str, Term]]:
        make, holds = self._make, self.truth(test)
        known = make.no_longer(make.unknown(holds))
        yield from self._open(test, [*above, make.unknown(holds)])
        yield from self._open(then, [*above, known, holds])
        yield from self._open(other, [*above, known, make.no_longer(holds)])

    def _unknown(self, node: Tree) -> Term:
        if isinstance(node, t.AllOf | t.AnyOf | t.AtLeast):
            return self._make.unknown(self.truth(node))
        make = self._make
        if isinstance(node, t.Choose) and not _is_number(node):
            return make.unknown(self.truth(node))
        value: Any = node  # a choice of numbers
        share = self.value(value)
        return make.some([make.unknown(share.number), make.unknown(share.base)])

    def _column(self, node: t.Field | t.Is | t.Has | t.Prefix | t.Holds) -> Term:
        if isinstance(node, t.Field):
            return self._field(node.name).number
        if isinstance(node, t.Is | t.Prefix):
            return self._make.column(node.name, Is.CODE)
        return self.truth(node)


def _is_number(node: Tree) -> bool:
    while isinstance(node, t.Choose):
        node = node.then
    return not isinstance(node, (*t.LEAVES, t.AllOf, t.AnyOf, t.Not, t.AtLeast))


def _factor(term: Term) -> tuple[int, Term | None]:
    """A constant factor and what it multiplies; None: it is a constant."""
    if term.known:
        return term.data, None
    if term.do is Do.MUL and term.parts[1].known:
        return term.parts[1].data, term.parts[0]
    return 1, term
