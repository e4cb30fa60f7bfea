"""Traps in which engines differ from each other or from arithmetic, each seen, each asked of every engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from qitong.kernel.errors import Refused
from qitong.policies.engines.lowering import plan
from qitong.policies.engines.plan import INT64, Builder, walk
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import EVERYWHERE, Benefit, Condition, Period, Rule, number_leaves
from qitong.policies.logic.tree import (
    AnyOf,
    Arith,
    Compare,
    Day,
    Field,
    Is,
    Manual,
    Most,
    Node,
    Not,
    Num,
    Op,
    Since,
    Sum,
)
from qitong.policies.logic.units import Kind
from tests.policies.draw import FIELDS, ON
from tests.policies.engines.agreement import Batch
from tests.policies.engines.conftest import Ask

YES, NO, OPEN = Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE, Outcome.UNKNOWN
SHARE = Arith(Sum.DIV, Field("m1"), Field("m2"))
A_TWENTIETH = Compare(Op.AT_LEAST, SHARE, Num(Fraction(1, 20)), Kind.RATIO)
GROWTH = Arith(Sum.SUB, SHARE, Num(1))
THREE, A_DAY = dt.date(2023, 11, 23), dt.timedelta(days=1)
ODD = 33_333_333_333_33

TRAPS: dict[str, tuple[Node, list[tuple[dict[str, Any], Outcome]]]] = {
    "zero of zero is no share": (
        A_TWENTIETH,
        [({"m1": 0, "m2": 0}, OPEN), ({"m1": 5, "m2": 0}, OPEN), ({"m1": 0, "m2": 1}, NO)],
    ),
    "exactly at a share": (
        A_TWENTIETH,
        [({"m1": ODD, "m2": 20 * ODD}, YES), ({"m1": ODD, "m2": 20 * ODD + 1}, NO)],
    ),
    "exactly at a growth": (
        Compare(Op.AT_LEAST, GROWTH, Num(Fraction(1, 10)), Kind.RATIO),
        [({"m1": 11 * ODD, "m2": 10 * ODD}, YES), ({"m1": 11 * ODD - 1, "m2": 10 * ODD}, NO)],
    ),
    "none of some codes, unknown": (
        Not(Is("k1", ("c35", "j66"))),
        [({"k1": None}, OPEN), ({"k1": "x"}, YES), ({"k1": "c35"}, NO)],
    ),
    "the most with one missing": (
        Compare(Op.AT_LEAST, Most((Field("m1"), Field("m2"))), Num(100), Kind.MONEY),
        [({"m1": 100, "m2": None}, OPEN), ({"m1": 100, "m2": 0}, YES), ({"m1": None, "m2": 0}, OPEN)],
    ),
    "missing is not small": (
        Compare(Op.AT_MOST, Field("n1"), Num(50), Kind.PERSONS),
        [({"n1": None}, OPEN), ({"n1": 50}, YES), ({"n1": 51}, NO)],
    ),
    "not of what is unknown, unknown itself": (
        AnyOf((Not(Compare(Op.AT_MOST, Since(Field("d1"), Kind.MONTHS), Num(12), Kind.MONTHS)), Manual())),
        [({"d1": None}, OPEN), ({"d1": dt.date(2020, 1, 1)}, YES), ({"d1": dt.date(2026, 1, 1)}, OPEN)],
    ),
    "three years are full on the day": (
        Compare(Op.AT_LEAST, Since(Field("d1"), Kind.YEARS), Num(3), Kind.YEARS),
        [({"d1": THREE}, YES), ({"d1": THREE + A_DAY}, NO), ({"d1": ON + A_DAY}, OPEN)],
    ),
    "days": (
        Compare(Op.LESS, Field("d1"), Day(ON), Kind.DATE),
        [({"d1": ON}, NO), ({"d1": dt.date(2026, 11, 22)}, YES), ({"d1": None}, OPEN)],
    ),
    "equal to what no amount can be": (
        Compare(Op.EQUAL, Arith(Sum.MUL, Field("n1"), Num(3)), Num(100), Kind.PERSONS),
        [({"n1": 33}, NO), ({"n1": 34}, NO), ({"n1": None}, OPEN)],
    ),
}  # fmt: skip


def _rule(node: Node) -> Rule:
    condition = Condition("C1", number_leaves(node, "C1"), False, "")
    return Rule("trap", FIELDS, (condition,), (), Benefit(Num(0), "yuan", Period.ONCE), applies=EVERYWHERE)


def test_traps(ask: Ask) -> None:
    rows, wanted = [], []
    for place, (_node, cases) in enumerate(TRAPS.values()):
        rows += [facts for facts, _ in cases]
        wanted += [(place, outcome) for _, outcome in cases]
    batch = Batch([_rule(node) for node, _ in TRAPS.values()], rows, FIELDS, ON)
    said = ask(batch)
    for row, (place, outcome) in enumerate(wanted):
        assert said[place][row][0] is outcome, (list(TRAPS)[place], rows[row])


def test_what_64_bits_cannot_hold_is_computed_in_more(ask: Ask) -> None:
    most = 10**14
    product = Arith(Sum.MUL, Field("m1"), Field("r1"))
    node = Compare(Op.AT_LEAST, product, Arith(Sum.MUL, Field("m2"), Field("r2")), Kind.MONEY)
    rows: list[dict[str, Any]] = [
        {"m1": most, "r1": 1000, "m2": most, "r2": 1000},
        {"m1": most - 1, "r1": 1000, "m2": most, "r2": 1000},
        {"m1": most, "r1": -1000, "m2": most, "r2": 1000},
    ]
    terms = walk([plan(_rule(node), FIELDS, Builder(), ON).verdict])
    assert any(term.wide for term in terms)
    batch = Batch([_rule(node)], rows, FIELDS, ON)
    said = ask(batch)
    assert [outcome for outcome, _ in said[0]] == [YES, NO, NO]


def test_what_no_engine_can_hold_is_refused_when_it_is_compiled() -> None:
    cube = Arith(Sum.MUL, Arith(Sum.MUL, Field("m1"), Field("m1")), Field("m1"))
    with pytest.raises(Refused, match="规则中的数过大"):
        plan(_rule(Compare(Op.MORE, cube, Num(0), Kind.MONEY)), FIELDS, Builder(), ON)


def test_a_narrow_range_proves_that_64_bits_do() -> None:
    node = Compare(Op.AT_LEAST, Arith(Sum.MUL, Field("m1"), Field("m2")), Num(1), Kind.MONEY)
    narrow = {name: replace(spec, most=10**9) for name, spec in FIELDS.items()}
    for fields, wide in ((FIELDS, True), (narrow, False)):
        terms = walk([plan(_rule(node), fields, Builder(), ON).verdict])
        assert any(term.wide for term in terms) is wide
        assert max(term.high for term in terms) > INT64 or not wide
