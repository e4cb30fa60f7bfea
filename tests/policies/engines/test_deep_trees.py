"""Whatever the reader of rules accepts, all that walks its trees survives: the deepest and the widest."""

from __future__ import annotations

import sys
from random import Random

import pytest

from qitong.kernel.words import Named
from qitong.policies.engines import on_ibis
from qitong.policies.engines.answers import VERDICT, all_of, roots
from qitong.policies.engines.columns import read
from qitong.policies.engines.databases import ClickHouse, Postgres
from qitong.policies.engines.lowering import plan
from qitong.policies.engines.plan import Builder
from qitong.policies.logic import asked
from qitong.policies.logic.calls import Declared
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.parse import DEEPEST, HIGHEST, Names, amount, condition
from qitong.policies.logic.rule import Benefit, Condition, Period, Rule, Score, number_leaves
from qitong.policies.logic.tree import walk
from qitong.policies.logic.units import Kind
from tests.policies.draw import CODES, FIELDS, ON, Draw, companies
from tests.policies.engines.agreement import Batch, by_closures, by_index, by_reference
from tests.policies.engines.conftest import Ask

NAMES = Names(
    {n: Declared(f.kind, frozenset(c for c, _ in f.codes)) for n, f in FIELDS.items()},
    frozenset({"first", "second", "total"}),
)
ROOM = 300
"""Frames of a web process around the rules, so that no test passes only because it runs near the ground."""
HALF = DEEPEST // 2 - 1
SUM = "n1" + " + n2" * (HIGHEST - 3)
CONDITIONS = {
    "a sum": f"{SUM} > 1",
    "a product": "r1" + " * r2" * 2 + " * 1" * (HIGHEST - 6) + " > 1",
    "nots": "not " * (DEEPEST - 2) + "b1",
    "brackets": "(" * (DEEPEST - 1) + "b1" + ")" * (DEEPEST - 1),
    "minus signs": f"n1 > {'-' * (DEEPEST - 2)}1",
    "choices": "b1 if b2 else (" * HALF + "b3" + ")" * HALF,
    "choices of numbers": "(1 if b1 else " * HALF + "n1" + ")" * HALF + " > 1",
    "choices by choices": "(1 if " * 12 + "b1" + " else 2) > 1" * 12,
    "the most of the most": "max(n1, " * (DEEPEST - 2) + "n2" + ")" * (DEEPEST - 2) + " > 1",
    "and, or": "(b1 and (b2 or " * 18 + "b3" + "))" * 18,
    "many parts": " or ".join(["b1", "b2", "b3", "n1 > 1"] * 60),
    "many codes": f"k1 in {list(CODES) * 40}",
    "at least so many": f"at_least(20, {', '.join(['b1', 'b2', 'n1 > 2'] * 13)})",
    "scores": "score_total > 60",
}


def rule(text: str) -> Rule:
    node = number_leaves(condition(text, NAMES), "C1")
    # The total of scores of thirty parts each is a tree of some seventy levels on top of the condition's own.
    points = amount("s1" + " + s1" * 8, NAMES, Kind.POINTS)
    scores = tuple(Score(name, Named(name, name), 10**6, (points,) * 30) for name in ("first", "second"))
    benefit = Benefit(amount("m1" + " + m2" * (HIGHEST - 2), NAMES, Kind.MONEY), "yuan", Period.ONCE)
    return Rule("deep", FIELDS, (Condition("C1", node, False, text),), scores, benefit)


@pytest.mark.parametrize("text", CONDITIONS.values(), ids=list(CONDITIONS))
def test_all_ways_to_run_it_say_the_same(text: str) -> None:
    deep = rule(text)
    rows = companies(deep, 7, 4)
    sys.setrecursionlimit(1000 - ROOM)
    try:
        right = by_reference([deep], rows)
        assert by_closures([deep], rows) == right
        assert by_index([deep], rows) == right
        assert Batch([deep], rows, FIELDS, ON).by_polars() == right
        _read(deep)
    finally:
        sys.setrecursionlimit(1000)


def _read(deep: Rule) -> None:
    """As SQL, in words, as data."""
    make = Builder()
    plans = [plan(deep, FIELDS, make, ON)]
    wanted = read(all_of(plans))
    asks = {VERDICT: plans[0].verdict, **roots(plans[0]), "kept": make.yes}
    assert "SELECT" in on_ibis.sql(asks, wanted, ON, table="facts", dialect="postgres", where="kept")
    found = Matcher(deep).explain({"on": ON})
    assert [str(finding.says) for told in found.results for finding in told.findings]
    assert asked.lines(deep.conditions[0].node, deep)
    assert str(formula(deep.benefit.node, deep, Kind.MONEY))
    assert len(deep.digest) == 64
    assert list(walk(deep.score("total")))


def test_what_parts_share_is_not_written_out_by_a_database_wherever_it_is_used(ask: Ask) -> None:
    """Level upon level of it doubles each time: PostgreSQL ended one such rule at a gigabyte."""
    drawn = Draw(Random(32))
    deep = [drawn.rule() for _ in range(5)][4]
    rows = companies(deep, 36, 40)
    assert ask(Batch([deep], rows, FIELDS, ON)) == by_reference([deep], rows)


@pytest.mark.parametrize("text", CONDITIONS.values(), ids=list(CONDITIONS))
def test_databases_bear_it_too(text: str, postgres: Postgres, clickhouse: ClickHouse) -> None:
    deep = rule(text)
    rows = companies(deep, 7, 4)
    batch, right = Batch([deep], rows, FIELDS, ON), by_reference([deep], rows)
    assert batch.by_database(postgres) == right
    assert batch.by_database(clickhouse) == right
