"""From the typed tree of a rule to plain columns: every number a pair of whole ones, shares crosswise.

A value is ``number / base`` with a base above zero, both whole, in the smallest amounts a store keeps;
nothing is ever divided. A base that is zero or less makes both missing. Bounds that are constants become the
nearest whole amount on the right side: ``rd / sales >= 5 %`` is ``rd * 20 >= sales``, no float anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies.engines.needs import needs
from qitong.policies.engines.plan import Builder, Is, Term
from qitong.policies.engines.shares import Share, Span, factored, plain
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
    try:
        return _plan(rule, Lowering(rule, fields, builder, on))
    except Refused as refused:
        told = {"id": rule.id, "reason": refused.sentence}
        raise Refused(say("政策{id}：{reason}", **told), code=refused.code) from None


def _plan(rule: Rule, lowering: Lowering) -> Plan:
    builder = lowering.make
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
        needs=needs(lowering, [rule.scope, *hard]),
        benefit=lowering.value(rule.benefit.node),
    )


class Lowering:
    """One rule to terms of one builder."""

    def __init__(self, rule: Rule, fields: Mapping[str, FieldSpec], builder: Builder, on: dt.date) -> None:
        self._rule = rule
        self._fields = fields
        self.make = builder
        self._on = on
        self._kept: dict[int, tuple[Tree, Any]] = {}
        """What was lowered, with its tree so that no other comes to have its number."""
        self._scores: dict[str, Value] = {}

    # ---- numbers

    def value(self, node: Value) -> Share:
        """The number where it is known, else missing."""
        return self._exact(self.span(node))

    def span(self, node: Value) -> Span:
        """The number, or between which ends it lies; see ``logic.reference.reach``."""
        if id(node) not in self._kept:
            self._kept[id(node)] = (node, self._span(node))
        found: Span = self._kept[id(node)][1]
        return found

    def _span(self, node: Value) -> Span:  # noqa: PLR0911  one return a node
        match node:
            case t.Num(number):
                return plain(self._constant(number), sure=True)
            case t.Day(day):
                return plain(Share(self.make.const(day, Is.DAY), self.make.number(1)), sure=True)
            case t.Field(name):
                return plain(self._field(name))
            case t.ScoreOf(name):
                return self.span(self.score(name))
            case t.Arith(op, left, right):
                return plain(self._arith(op, self.value(left), self.value(right)))
            case t.Least(parts) | t.Most(parts):
                return self._extreme([self.span(part) for part in parts], most=isinstance(node, t.Most))
            case t.Bands():
                return self._bands(node)
            case t.Since(start, unit):
                return plain(self._since(self.value(start).number, unit))
            case t.Choose(test, then, other):
                return plain(self._choose(self.truth(test), self.value(then), self.value(other)))

    def score(self, name: str) -> Value:
        """Always the same tree, so that it is lowered once."""
        if name not in self._scores:
            self._scores[name] = self._rule.score(name)
        return self._scores[name]

    def _constant(self, number: Number) -> Share:
        exact = Fraction(number)
        return Share(self.make.number(exact.numerator), self.make.number(exact.denominator))

    def _field(self, name: str) -> Share:
        spec = self._fields[name]
        if spec.kind is Kind.DATE:
            return Share(self.make.column(name, Is.DAY), self.make.number(1))
        low, high = (int(Fraction(end) * spec.grain) for end in (spec.least, spec.most))
        return Share(self.make.column(name, Is.NUMBER, low, high), self.make.number(spec.grain))

    def _arith(self, op: Sum, a: Share, b: Share) -> Share:
        if op in (Sum.ADD, Sum.SUB):
            return self._added(a, b, minus=op is Sum.SUB)
        return self._scaled_by(op, a, b)

    def _added(self, a: Share, b: Share, *, minus: bool) -> Share:
        (left, right), base = self._on_one_base([a, b])
        return Share(self.make.add(left, right, minus=minus), base)

    def _scaled_by(self, op: Sum, a: Share, b: Share) -> Share:
        make = self.make
        if op is Sum.MUL:
            return self._reduced(make.mul(a.number, b.number), make.mul(a.base, b.base))
        base = make.positive(b.number)
        return self._reduced(make.mul(a.number, b.base), make.mul(a.base, base))

    def _exact(self, span: Span) -> Share:
        if span.plain:
            return span.low
        if span.exact is not None:
            return span.exact
        return self._where(self._same(Op.EQUAL, span.low, span.high), span.low)

    def _where(self, test: Term, share: Share) -> Share:
        """The share where the test holds, else missing."""
        nothing = self.make.const(None, share.number.kind)
        return Share(self.make.case([(test, share.number)], nothing), share.base)

    def _on_one_base(self, shares: list[Share]) -> tuple[list[Term], Term]:
        make = self.make
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
        (a, x), (b, y) = factored(number), factored(base)
        common = gcd(a, b) or 1
        return Share(self._scaled(x, a // common), self._scaled(y, b // common))

    def _scaled(self, core: Term | None, factor: int) -> Term:
        return self.make.number(factor) if core is None else self.make.times(core, factor)

    def _extreme(self, spans: list[Span], *, most: bool) -> Span:
        """The end towards which it is picked may stay open beside one that is known; the other may not."""
        sign = Op.AT_LEAST if most else Op.AT_MOST
        sure = all(span.sure for span in spans)
        firm = self._picked([span.high if most else span.low for span in spans], sign)
        if all(span.plain for span in spans) and sure:
            return plain(firm, sure=True)
        exact = firm if all(span.plain for span in spans) else None
        ends = [span.low if most else span.high for span in spans]
        free = self._picked(ends, sign) if sure else self._picked_of_known(ends, sign)
        return Span(free, firm, sure, exact) if most else Span(firm, free, sure, exact)

    def _picked(self, shares: list[Share], sign: Op) -> Share:
        found = shares[0]
        for share in shares[1:]:
            found = self._cases([(self._same(sign, found, share), found)], share)
        return found

    def _picked_of_known(self, shares: list[Share], sign: Op) -> Share:
        found = shares[0]
        for share in shares[1:]:
            steps = [
                (self.missing(found), share),
                (self.missing(share), found),
                (self._same(sign, found, share), found),
            ]
            found = self._cases(steps, share)
        return found

    def _bands(self, node: t.Bands) -> Span:
        measure = self.value(node.measure)
        steps = [
            (self._same(Op.AT_LEAST, measure, self._constant(bound)), self._constant(points))
            for bound, points in node.steps
        ]
        otherwise = self._constant(node.otherwise)
        steps = steps or [(self._same(Op.EQUAL, measure, measure), otherwise)]
        unknown = self.make.unknown(steps[-1][0])
        points = [value for _, value in node.steps] + [node.otherwise]
        low, high = (
            self._cases([(unknown, self._constant(end)), *steps], otherwise)
            for end in (min(points), max(points))
        )
        exact = self._cases(steps, otherwise) if min(points) < max(points) else None
        return Span(low, high, sure=True, exact=exact)

    def _choose(self, test: Term, then: Share, other: Share) -> Share:
        """As the test says; where it is unknown, what both say."""
        alike = self._where(self._same(Op.EQUAL, then, other), then)
        first = [] if alike.number.missing else [(self.make.unknown(test), alike)]
        return self._cases([*first, (test, then)], other)

    def missing(self, share: Share) -> Term:
        return self.make.some([self.make.unknown(share.number), self.make.unknown(share.base)])

    def _since(self, day: Term, unit: Kind) -> Share:
        make = self.make
        if day.known:
            months = full(Kind.MONTHS, day.data, self._on)
            term = make.const(months, Is.NUMBER)
        else:
            term = make.months(day)
        if unit is Kind.MONTHS:
            return Share(term, make.number(1))
        return Share(make.add(term, make.rest(term), minus=True), make.number(12))

    def _cases(self, steps: list[tuple[Term, Share]], otherwise: Share) -> Share:
        make, shares = self.make, [share for _, share in steps] + [otherwise]
        tests = [test for test, _ in steps]
        if all(share.base.known for share in shares):
            numbers, base = self._on_one_base(shares)
            return Share(make.case(list(zip(tests, numbers[:-1], strict=True)), numbers[-1]), base)
        number = make.case([(test, share.number) for test, share in steps], otherwise.number)
        return Share(number, make.case([(test, share.base) for test, share in steps], otherwise.base))

    # ---- truths

    def truth(self, node: Node) -> Term:
        if id(node) not in self._kept:
            self._kept[id(node)] = (node, self._truth(node))
        found: Term = self._kept[id(node)][1]
        return found

    def _truth(self, node: Node) -> Term:  # noqa: C901, PLR0911  one return a node
        make = self.make
        match node:
            case t.Compare(op, left, right):
                return self._same(op, self.value(left), self.value(right))
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
                taken, yes, no = self.truth(test), self.truth(then), self.truth(other)
                return make.case([(make.unknown(taken), self._alike(yes, no)), (taken, yes)], no)

    def _alike(self, a: Term, b: Term) -> Term:
        """What both say; missing where they differ or one of them is."""
        make = self.make
        return make.some([make.every([a, b]), make.every([make.some([a, b]), make.const(None, Is.TRUTH)])])

    def _same(self, op: Op, a: Share, b: Share) -> Term:
        """``a op b``, crosswise, so far reduced that a constant bound is one whole number."""
        make = self.make
        if a.number.kind is Is.DAY or b.number.kind is Is.DAY:
            return make.compare(op, a.number, b.number)
        left, right = self._reduced(make.mul(a.number, b.base), make.mul(b.number, a.base))
        if left.known and not right.known:
            op, left, right = _FLIPPED[op], right, left
        if right.known and not left.known:
            return self._against(op, left, right.data)
        return make.compare(op, left, right)

    def _against(self, op: Op, left: Term, bound: int) -> Term:
        factor, core = factored(left)
        if core is None or factor == 0 or left.missing:
            return self.make.compare(op, left, self.make.number(bound))
        if factor < 0:
            op, factor, bound = _FLIPPED[op], -factor, -bound
        if bound % factor and op in (Op.EQUAL, Op.UNEQUAL):
            # No whole amount is equal: never, or always, but missing where the amount is.
            op, bound = (Op.LESS if op is Op.EQUAL else Op.AT_LEAST), core.low * factor
        up = op in (Op.AT_LEAST, Op.LESS)
        whole = -(-bound // factor) if up else bound // factor
        whole = min(max(whole, core.low - 1), core.high + 1)
        return self.make.compare(op, core, self.make.number(whole))
