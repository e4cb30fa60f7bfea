"""A condition as rows reads back as itself, and means what the rows say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qitong.kernel.errors import Refused
from qitong.policies.check import packaged
from qitong.policies.logic import parse
from qitong.policies.logic.calls import Declared
from qitong.policies.logic.parse import Names
from qitong.policies.logic.reference import meaning
from qitong.policies.logic.rows import (
    Join,
    Relation,
    Row,
    Rows,
    comparable,
    expression,
    kind_of,
    relations,
    rows_of,
    terms,
    unit_of,
)
from qitong.policies.logic.rule import Rule, number_leaves
from qitong.policies.logic.tree import Node
from qitong.policies.logic.units import UNITS, Kind, decimal_text
from tests.policies import draw

UNITS_OF = {name: spec.unit for name, spec in draw.FIELDS.items()}
NAMES = Names(
    {name: Declared(spec.kind, frozenset(dict(spec.codes))) for name, spec in draw.FIELDS.items()},
    frozenset({"first", "second", "total"}),
)
MONEY = ["m1", "m2", "m3"]


def numbers(unit: str) -> st.SearchStrategy[str]:
    places = 2 if unit == "%" else UNITS[unit].places if unit in UNITS else 0
    return st.integers(-(10**6), 10**9).map(lambda n: str(decimal_text(Fraction(n, 10**places))))


@st.composite
def a_row(choose: st.DrawFn) -> Row:
    term = choose(st.sampled_from(terms(UNITS_OF, ["first", "total"])))
    kind = kind_of(term, UNITS_OF)
    relation = choose(st.sampled_from(relations(kind)))
    if kind is Kind.BOOL:
        return Row(term, relation)
    if kind in (Kind.CODE, Kind.CODES):
        most = 1 if kind is Kind.CODES else 3
        codes = choose(st.sets(st.sampled_from(draw.CODES), min_size=1, max_size=most))
        return Row(term, relation, tuple(sorted(codes)))
    others = [it for it in terms(UNITS_OF, ["first", "total"]) if comparable(term, "", it, UNITS_OF)]
    if choose(st.booleans()):
        return Row(term, relation, than=choose(st.sampled_from(others)))
    if kind is Kind.DATE:
        return Row(term, relation, (choose(st.dates()).isoformat(),))
    per = choose(st.sampled_from(["", *MONEY])) if term in MONEY else ""
    return Row(term, relation, (choose(numbers(unit_of(term, per, UNITS_OF))),), per)


@st.composite
def conditions(choose: st.DrawFn) -> Rows:
    rows = tuple(choose(st.lists(a_row(), min_size=1, max_size=5)))
    join = choose(st.sampled_from(Join))
    if join is Join.ANY and len(rows) == 1:
        join = Join.ALL  # of one row nothing is joined
    return Rows(join, rows, choose(st.integers(1, len(rows))) if join is Join.SOME else 0)


def read(text: str) -> Node:
    return parse.condition(text, NAMES)


@settings(deadline=None)
@given(conditions())
def test_rows_written_as_a_rule_read_back_as_the_same_rows(rows: Rows) -> None:
    assert rows_of(read(expression(rows, UNITS_OF)), UNITS_OF) == rows


@settings(deadline=None)
@given(draw.rules(), st.integers(0, 10**6))
def test_a_condition_that_has_rows_means_the_same_when_written_from_them(rule: Rule, seed: int) -> None:
    found = 0
    for condition in rule.conditions:
        rows = rows_of(condition.node, UNITS_OF)
        if rows is None:
            continue
        found += 1
        again = number_leaves(read(expression(rows, UNITS_OF)), condition.id)
        for facts in draw.companies(rule, seed, 5):
            assert meaning(again, rule, facts) == meaning(condition.node, rule, facts)


def test_most_conditions_of_the_packaged_policies_have_rows() -> None:
    """And each of those is the same rule when it is written from them."""
    have, all_of_them = 0, 0
    for entry in packaged().entries.values():
        units = {name: spec.unit for name, spec in entry.rule.fields.items()}
        facts = {n: Declared(s.kind, frozenset(dict(s.codes))) for n, s in entry.rule.fields.items()}
        scores = frozenset([*(score.name for score in entry.rule.scores), "total"])
        for condition in entry.rule.conditions:
            all_of_them += 1
            if (rows := rows_of(condition.node, units)) is None:
                continue
            have += 1
            again = parse.condition(expression(rows, units), Names(facts, scores))
            assert rows_of(again, units) == rows, condition.text
    assert have > all_of_them / 2, f"{have} of {all_of_them}"


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (Row("", Relation.YES), "rows.0.term"),
        (Row("b1", Relation.MORE, ("5",)), "rows.0.relation"),
        (Row("m1", Relation.MORE, ("5 or b1",)), "rows.0.value"),
        (Row("m1", Relation.MORE, ("",)), "rows.0.value"),
        (Row("d1", Relation.MORE, ("2026-02-30",)), "rows.0.value"),
        (Row("k1", Relation.IS, ("c35' or b1 or k1 == 'x",)), "rows.0.value"),
        (Row("k1", Relation.IS, ()), "rows.0.value"),
        (Row("m1", Relation.MORE, ("5",), "n1"), "rows.0.per"),
        (Row("m1", Relation.MORE, than="n1"), "rows.0.than"),
        (Row("m1", Relation.MORE, per="m2", than="m3"), "rows.0.than"),
        (Row("m1", Relation.MORE, than="b1"), "rows.0.than"),
        (Row("m1", Relation.MORE, than="m2 or b1"), "rows.0.than"),
    ],
)
def test_what_is_no_row_is_refused_at_its_place(row: Row, where: str) -> None:
    with pytest.raises(Refused) as refused:
        expression(Rows(Join.ALL, (row,)), UNITS_OF)
    assert refused.value.field == where


def test_how_many_must_hold_is_refused_beyond_the_rows() -> None:
    with pytest.raises(Refused) as refused:
        expression(Rows(Join.SOME, (Row("b1", Relation.YES),), 2), UNITS_OF)
    assert refused.value.field == "count"


@pytest.mark.parametrize(
    "text",
    [
        "b1 and (b2 or b3)",
        "m1 >= m2 * 2",
        "m1 - m2 >= 5万元",
        "b1 if b2 else b3",
        "manual",
        "m1 * 2 >= 5万元",
    ],
)
def test_what_is_joined_otherwise_has_no_rows(text: str) -> None:
    assert rows_of(read(text), UNITS_OF) is None
