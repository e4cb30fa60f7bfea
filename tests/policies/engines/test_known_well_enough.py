"""The best of several is known when one reaches all that the others could; else what is missing is asked."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from qitong.policies import matching, shown
from qitong.policies.check import packaged
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import Rule
from tests.policies.engines.agreement import Batch, by_closures, by_index, by_reference

ON = dt.date(2026, 11, 23)
TECH: dict[str, Any] = {
    "on": ON, "employees": 100, "sales_last": 50_000_000, "assets": 80_000_000_00,
    "restricted_industry": False, "major_violation_2y": False, "abnormal_list": False, "tech_staff": 30,
    "rd_last": 20_000_000_00, "cost_last": 40_000_000_00, "ip_class1": 1, "ip_class2": 2, "fast_track": False,
}  # fmt: skip
HI_TECH: dict[str, Any] = {
    "on": ON, "months_since_registration": 12, "core_ip_owned": 1, "tech_staff": 10, "employees": 100,
    "rd_3y": 500, "sales_3y": 10_000, "rd_domestic_3y": 300, "hitech_income_last": 600,
    "total_income_last": 1000, "major_incident_1y": False, "in_supported_field": True, "innovation_score": 71,
}  # fmt: skip


def rule(policy: str) -> Rule:
    return packaged().entries[policy].rule


def said(policy: str, facts: dict[str, Any]) -> tuple[Outcome, frozenset[str]]:
    """What every way to run it says; they say the same."""
    rules = [rule(policy)]
    ways = [by_reference(rules, [facts]), by_closures(rules, [facts]), by_index(rules, [facts])]
    ways.append(Batch(rules, [facts], rules[0].fields, ON).by_polars())
    assert all(way == ways[0] for way in ways)
    return ways[0][0][0]


def explained(policy: str, facts: dict[str, Any]) -> dict[str, Any]:
    found = matching.match(packaged(), facts, ON, only=[policy])
    told: dict[str, Any] = json.loads(json.dumps(shown.matched(found[0])))
    return told


@pytest.mark.parametrize(
    "change",
    [
        {"sales_last": 0},
        {"sales_last": 107_526_881, "rd_last": 20_000_000, "cost_last": None},
        {"ip_class2": None},
        {"cost_last": None, "rd_last": 0, "ip_class1": 1, "fast_track": True},
    ],
    ids=["best of a share of nothing", "best reached already", "a choice not taken", "another branch holds"],
)
def test_what_cannot_matter_is_not_asked(change: dict[str, Any]) -> None:
    assert said("tech_sme", {**TECH, **change}) == (Outcome.ELIGIBLE, frozenset())


def test_the_best_part_is_the_score_when_it_reaches_the_most_there_is() -> None:
    told = explained("tech_sme", {**TECH, "sales_last": 0})
    assert told["scores"] == {"staff": 20, "rd": 50, "ip": 30, "total": 100}


def test_a_sum_with_a_missing_part_is_unknown_and_asks_for_it() -> None:
    assert said("tech_sme", {**TECH, "ip_class1": None}) == (Outcome.UNKNOWN, frozenset({"ip_class1"}))


def test_the_best_part_that_could_still_be_beaten_asks_for_the_other() -> None:
    facts = {**TECH, "rd_last": 2_000_000, "cost_last": None}
    assert said("tech_sme", facts) == (Outcome.UNKNOWN, frozenset({"cost_last"}))


def test_a_bound_that_hangs_on_a_missing_fact_is_unknown() -> None:
    assert said("hi_tech_enterprise", HI_TECH) == (Outcome.UNKNOWN, frozenset({"sales_last"}))


def test_what_nobody_can_answer_is_said_to_be_undefined() -> None:
    told = explained("hi_tech_enterprise", {**HI_TECH, "sales_last": 1000, "sales_3y": 0})
    assert (told["outcome"], told["missing"], told["undefined"]) == ("unknown", [], ["sales_3y"])


def test_of_a_condition_that_is_open_the_open_part_is_shown() -> None:
    facts = {**TECH, "rd_last": 2_000_000, "ip_class1": None, "ip_class2": 0}
    condition = next(each for each in explained("tech_sme", facts)["conditions"] if each["id"] == "C4")
    assert [(each["role"], each["bound"]) for each in condition["parts"][:2]] == [
        ("failed", True),
        ("open", 60),
    ]
    assert (condition["result"], condition["bound"], condition["missing"]) == (None, 60, ["ip_class1"])
