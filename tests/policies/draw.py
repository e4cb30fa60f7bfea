"""Random rules, and companies drawn around their thresholds: missing, one off, equal, zero, the most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st

from qitong.kernel.words import Named
from qitong.policies.logic.rule import (
    NEVER,
    Benefit,
    Condition,
    FieldSpec,
    Period,
    Rule,
    Score,
    number_leaves,
)
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
    Node,
    Not,
    Num,
    Op,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Truth,
    Value,
    walk,
)
from qitong.policies.logic.units import UNITS, Kind, Number, normal

ON = dt.date(2026, 11, 23)
CODES = ("c35", "c36", "j66", "x")
_UNITS = {
    "m1": "wan", "m2": "wan", "m3": "yuan", "r1": "ratio", "r2": "ratio", "n1": "persons", "n2": "persons",
    "t1": "months", "s1": "points", "b1": "bool", "b2": "bool", "b3": "bool", "k1": "code", "k2": "code",
    "ks": "codes", "d1": "date",
}  # fmt: skip


def _spec(name: str, unit: str) -> FieldSpec:
    known = UNITS[unit]
    label = Named(f"事实{name}", f"Fact {name}")
    codes = (
        tuple((code, Named(code, code)) for code in CODES) if known.kind in (Kind.CODE, Kind.CODES) else ()
    )
    return FieldSpec(
        name, unit, label, label, codes, known.least * known.scale, known.most * known.scale, known.places
    )


FIELDS = {name: _spec(name, unit) for name, unit in _UNITS.items()}
_BY_KIND = {kind: [n for n, s in FIELDS.items() if s.kind is kind] for kind in Kind}
_SHARES = [
    Fraction(1, 20),
    Fraction(3, 100),
    Fraction(1, 10),
    Fraction(3, 5),
    Fraction(55, 1000),
    Fraction(0),
    Fraction(1),
]
_CONSTANTS: dict[Kind, list[Number]] = {
    Kind.MONEY: [0, 100, 50_000_000, 100_000_000, 3_333_333],
    Kind.RATIO: list(_SHARES),
    Kind.PERSONS: [0, 1, 30, 100],
    Kind.MONTHS: [0, 12, 36],
    Kind.POINTS: [0, 60, 70],
}


class Draw:
    """Draws trees with ``random``, which may be Hypothesis's own, so that failures shrink."""

    def __init__(self, random: Random, *, scores: Sequence[str] = ()) -> None:
        self._random = random
        self._scores = scores

    def node(self, depth: int) -> Node:
        joins: list[Callable[[], Node]] = [
            lambda: AllOf(self._nodes(depth)),
            lambda: AnyOf(self._nodes(depth)),
            lambda: Not(self.node(depth - 1)),
            lambda: AtLeast(self._random.randint(1, 3), (*self._nodes(depth), self.node(depth - 1))),
            lambda: Choose(self.node(depth - 1), self.node(depth - 1), self.node(depth - 1)),
        ]
        if depth <= 0 or self._random.random() < 0.3:
            return self._leaf(depth)
        return self._random.choice(joins)()

    def _nodes(self, depth: int) -> tuple[Node, ...]:
        return tuple(self.node(depth - 1) for _ in range(self._random.randint(2, 3)))

    def _leaf(self, depth: int) -> Node:
        pick = self._random.choice
        leaves: list[Callable[[], Node]] = [
            lambda: Holds(pick(_BY_KIND[Kind.BOOL])),
            lambda: Is(pick(_BY_KIND[Kind.CODE]), tuple(sorted({pick(CODES), pick(CODES)}))),
            lambda: Prefix(pick(_BY_KIND[Kind.CODE]), (pick(("c", "c3", "j", "x"))[:2],)),
            lambda: Prefix(pick(_BY_KIND[Kind.CODE]), (pick(("c", "c3", "j", "x"))[:2],), lenient=True),
            lambda: Has("ks", pick(CODES)),
            lambda: Compare(pick(list(Op)), Field("d1"), Day(pick((ON, dt.date(2023, 11, 23)))), Kind.DATE),
            lambda: pick((Truth(True), Truth(False), Manual())),
        ]
        return self._compare(depth) if self._random.random() < 0.6 else pick(leaves)()

    def _compare(self, depth: int) -> Compare:
        kind = self._random.choice(
            [Kind.MONEY, Kind.RATIO, Kind.RATIO, Kind.PERSONS, Kind.MONTHS, Kind.POINTS]
        )
        bound = self.value(kind, depth - 2) if self._random.random() < 0.3 else self._constant(kind)
        return Compare(self._random.choice(list(Op)), self.value(kind, depth), bound, kind)

    def _constant(self, kind: Kind) -> Num:
        return Num(self._random.choice(_CONSTANTS[kind]))

    def value(self, kind: Kind, depth: int) -> Value:
        if kind is Kind.RATIO and self._random.random() < 0.7:
            of = self._random.choice((Kind.MONEY, Kind.PERSONS))
            return Arith(Sum.DIV, self.value(of, depth - 2), self.value(of, depth - 2))
        if kind is Kind.MONTHS and self._random.random() < 0.5:
            return Since(Field("d1"), Kind.MONTHS)
        if kind is Kind.POINTS and self._random.random() < 0.7:
            return ScoreOf(self._random.choice(self._scores)) if self._scores else self._bands(depth - 1)
        if depth <= 0 or self._random.random() < 0.5:
            return Field(self._random.choice(_BY_KIND[kind]))
        return self._joined(kind, depth)

    def _joined(self, kind: Kind, depth: int) -> Value:
        def part() -> Value:
            return self._constant(kind) if self._random.random() < 0.3 else self.value(kind, depth - 1)

        joins: list[Callable[[], Value]] = [
            lambda: Arith(self._random.choice((Sum.ADD, Sum.SUB)), part(), part()),
            lambda: Arith(Sum.MUL, part(), self._constant(Kind.RATIO)),
            lambda: Arith(Sum.MUL, Num(self._random.choice((-2, 3))), part()),
            lambda: Arith(Sum.DIV, part(), Num(self._random.choice((2, Fraction(1, 3), -1)))),
            lambda: Least((part(), part())),
            lambda: Most((part(), part())),
            lambda: Choose(self.node(depth - 2), part(), part()),
        ]
        return self._random.choice(joins)()

    def _bands(self, depth: int) -> Bands:
        kind = self._random.choice((Kind.RATIO, Kind.MONEY, Kind.PERSONS))
        bounds = sorted({self._random.choice(_CONSTANTS[kind]) for _ in range(4)}, reverse=True)
        return Bands(
            self.value(kind, depth),
            tuple((b, 5 * n) for n, b in enumerate(reversed(bounds), 1))[::-1],
            0,
            kind,
        )

    def rule(self) -> Rule:
        scores = tuple(
            Score(
                name,
                Named(name, name),
                100,
                (self._bands(2), self._bands(2)),
                best=self._random.random() < 0.5,
            )
            for name in ("first", "second")
        )
        inner = Draw(self._random, scores=("first", "second", "total"))
        conditions = tuple(
            Condition(f"C{n}", number_leaves(inner.node(3), f"C{n}"), self._random.random() < 0.25, "")
            for n in range(1, self._random.randint(2, 4))
        )
        applies = (
            number_leaves(inner.node(1), "applies") if self._random.random() < 0.3 else Truth(True, "applies")
        )
        typical, weight = self._random.randint(0, 5) * 10**6, Fraction(1, self._random.randint(1, 4))
        benefit = Benefit(self.value(Kind.MONEY, 3), "yuan", Period.ONCE, None, typical, normal(weight))
        unlikely = number_leaves(inner.node(1), "unlikely") if self._random.random() < 0.3 else NEVER
        return Rule("drawn", FIELDS, conditions, scores, benefit, applies=applies, unlikely=unlikely)


def rules() -> st.SearchStrategy[Rule]:
    return st.randoms(use_true_random=False).map(lambda random: Draw(random).rule())


def companies(rule: Rule, seed: int, count: int) -> list[dict[str, Any]]:
    """``count`` companies drawn around what ``rule`` compares with."""
    random = Random(seed)
    trees = [c.node for c in rule.conditions] + [s.node for s in rule.scores] + [rule.benefit.node]
    numbers = {part.value for tree in trees for part in walk(tree) if isinstance(part, Num)}
    numbers |= {
        bound for tree in trees for part in walk(tree) if isinstance(part, Bands) for bound, _ in part.steps
    }
    return [_company(random, sorted(numbers)) for _ in range(count)]


def _company(random: Random, numbers: Sequence[Number]) -> dict[str, Any]:
    missing = random.choice((0.0, 0.1, 0.4))
    facts: dict[str, Any] = {"on": ON}
    for name, spec in FIELDS.items():
        if random.random() >= missing:
            facts[name] = _fact(random, spec, numbers, facts)
        elif random.random() < 0.5:
            facts[name] = None
    return facts


def _fact(random: Random, spec: FieldSpec, numbers: Sequence[Number], facts: dict[str, Any]) -> Any:
    match spec.kind:
        case Kind.BOOL:
            return random.random() < 0.5
        case Kind.CODE:
            return random.choice(CODES)
        case Kind.CODES:
            return frozenset(random.sample(CODES, random.randint(0, 3)))
        case Kind.DATE:
            return random.choice(
                (ON, dt.date(2023, 11, 23), dt.date(2023, 11, 24), dt.date(2025, 11, 30), dt.date(2027, 1, 1))
            )
    return _number(random, spec, numbers, facts)


def _number(random: Random, spec: FieldSpec, numbers: Sequence[Number], facts: dict[str, Any]) -> Number:
    chance = random.random()
    if chance < 0.1:
        return 0
    if chance < 0.15:
        return spec.most
    step = Fraction(random.choice((-1, 0, 1)), spec.grain)
    found = Fraction(random.choice(numbers) if numbers else 0)
    others = [facts[n] for n in _BY_KIND[spec.kind] if facts.get(n)]
    if others and random.random() < 0.6:  # at a share of another fact, to within the smallest step
        found = Fraction(int(random.choice(_SHARES) * random.choice(others) * spec.grain), spec.grain)
    found = min(
        max(Fraction(int(found * spec.grain), spec.grain) + step, Fraction(spec.least)), Fraction(spec.most)
    )
    return int(found) if found.denominator == 1 else found
