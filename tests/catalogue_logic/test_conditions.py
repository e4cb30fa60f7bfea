from __future__ import annotations

from decimal import Decimal

import pytest

from qitong.catalogue.logic.conditions import Facts, parse
from qitong.kernel.errors import Refused

ENERGY = "annual_energy_tce >= 1000 or annual_power_mwh >= 5000"


@pytest.mark.parametrize(
    ("expr", "facts", "result"),
    [
        ("has_construction_project", {"has_construction_project": True}, True),
        ("has_construction_project", {}, None),
        ("has_construction_project", {"has_construction_project": None}, None),
        ("not food_business", {"food_business": False}, True),
        (ENERGY, {"annual_energy_tce": 1000}, True),
        (ENERGY, {"annual_energy_tce": 999}, None),
        (ENERGY, {"annual_energy_tce": 999, "annual_power_mwh": 4999.9}, False),
        ('discharge_category in ["key", "simplified"]', {"discharge_category": "simplified"}, True),
        ('discharge_category not in ("key",)', {"discharge_category": "key"}, False),
        ('eia_category != "exempt"', {"eia_category": "exempt"}, False),
        ('eia_category != "exempt"', {}, None),
        ("investment_wan > 100 and floor_area_m2 > 500", {"investment_wan": 100}, False),
        ("rate >= 0.1", {"rate": 0.1}, True),
        ("rate >= 0.1", {"rate": Decimal("0.1")}, True),
        ("balance > -5", {"balance": -4}, True),
        ("(a or b) and not c", {"a": True, "c": False}, True),
        ("a == False", {"a": False}, True),
    ],
)
def test_a_condition_is_yes_no_or_unknown(expr: str, facts: Facts, result: bool | None) -> None:
    assert parse(expr).evaluate(facts) is result


@pytest.mark.parametrize(
    ("expr", "position"),
    [
        ("", 1),
        ("a and", 6),
        ("a or __import__('os')", 6),
        ("a.b", 1),
        ("f(x)", 1),
        ("a and [x for x in y]", 7),
        ("a or lambda: 1", 6),
        ("a if b else c", 1),
        ("a[0]", 1),
        ("1 < 2", 1),
        ("0 < a < 5", 1),
        ("a > b", 5),
        ('a > "x"', 5),
        ("a > True", 5),
        ("a in 5", 6),
        ("a in []", 6),
        ('a in ["x", 1]', 6),
        ("a is True", 1),
        ("a == None", 6),
        ("a == 1e999", 6),
        ("a == b'x'", 6),
        ("a == 'x' or A", 13),
        ("a := 1", 3),
        ("名称", 1),
        ('类 == "甲" or b', 1),
        ('a == "甲甲" or f()', 14),
        ("a == 1j", 6),
        ("True", 1),
        ("f'{a}'", 1),
    ],
)
def test_anything_outside_the_language_is_refused_with_its_place(expr: str, position: int) -> None:
    with pytest.raises(Refused) as refused:
        parse(expr)
    assert refused.value.code == "condition"
    assert refused.value.sentence.params["position"] == position


@pytest.mark.parametrize("expr", ["(" * 240 + "a" + ")" * 240, "a or " * 200 + "a", "not " * 120 + "a\0"])
def test_an_absurd_text_is_refused_and_does_not_break_the_parser(expr: str) -> None:
    with pytest.raises(Refused):
        parse(expr)


@pytest.mark.parametrize(
    ("expr", "value"),
    [("a", "yes"), ("a", 1), ("a > 1", True), ("a > 1", "2"), ("a > 1", float("nan")), ('a == "x"', ["x"])],
)
def test_a_fact_of_another_type_is_refused_and_named(expr: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        parse(expr).evaluate({"a": value})
    assert (refused.value.code, refused.value.field) == ("fact_type", "a")


def test_a_condition_names_the_facts_it_speaks_of() -> None:
    assert parse("a and (b > 1 or not c)").names == {"a", "b", "c"}


def test_the_explanation_gives_each_test_with_fact_and_result() -> None:
    findings = parse(ENERGY).explain({"annual_energy_tce": 500})
    assert [(f.check.fact, f.value, f.result) for f in findings] == [
        ("annual_energy_tce", 500, False),
        ("annual_power_mwh", None, None),
    ]


def test_only_the_facts_that_still_matter_are_asked_for() -> None:
    condition = parse("a and b > 1 and c")
    assert condition.unsettled({"b": 2}) == ("a", "c")
    assert condition.unsettled({"a": False}) == ()


def test_a_condition_may_be_written_over_several_lines() -> None:
    assert parse("a\n  and b").text == "a and b"
