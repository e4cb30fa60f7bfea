"""Why: the deciding leaf, what is lacking, what is missing, and sentences in words."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from qitong.kernel import words
from qitong.policies.check import packaged
from qitong.policies.logic.explain import Explained, Told
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.roles import Role
from qitong.policies.logic.units import Kind

WAN = 1_000_000
HI_TECH: dict[str, Any] = {
    "months_since_registration": 12,
    "core_ip_owned": 1,
    "tech_staff": 10,
    "employees": 100,
    "rd_3y": 500 * WAN,
    "sales_3y": 10_000 * WAN,
    "sales_last": 5_000 * WAN,
    "rd_domestic_3y": 300 * WAN,
    "hitech_income_last": 600 * WAN,
    "total_income_last": 1_000 * WAN,
    "major_incident_1y": False,
    "in_supported_field": True,
    "innovation_score": 71,
}


def explain(policy: str, facts: dict[str, Any]) -> Explained:
    return packaged().entries[policy].matcher.explain({"on": dt.date(2026, 11, 23), **facts})


def told(policy: str, facts: dict[str, Any], condition: str) -> Told:
    return next(each for each in explain(policy, facts).results if each.condition.id == condition)


def test_what_is_lacking_of_a_share_is_said_in_money() -> None:
    facts = {**HI_TECH, "rd_3y": 441 * WAN, "sales_3y": 10_500 * WAN}
    found = told("hi_tech_enterprise", facts, "C5").leading
    assert (found.value, found.bound, found.role) == (Fraction(42, 1000), Fraction(1, 20), Role.FAILED)
    assert found.gap is not None
    assert (found.gap.amount, found.gap.kind, found.gap.more) == (84 * WAN, Kind.MONEY, True)
    with_gap = {**facts, "rd_3y": facts["rd_3y"] + found.gap.amount}
    assert told("hi_tech_enterprise", with_gap, "C5").result is True


def test_sentences_name_value_bound_and_gap_in_the_language_of_the_reader() -> None:
    facts = {**HI_TECH, "rd_3y": 441 * WAN, "sales_3y": 10_500 * WAN}
    says = told("hi_tech_enterprise", facts, "C5").leading.says
    assert {
        name: getattr(value, "en", value) for name, value in says.params.items() if name != "relation"
    } == {
        "what": "R&D spending over three years ÷ Sales over three years",
        "value": "4.2 %",
        "bound": "5 %",
        "gap": "840,000 yuan",
        "of": "R&D spending over three years",
    }
    assert "{gap}" in says.text
    assert words.Sentence("{v}", {"v": says.params["relation"]})


def test_whole_things_are_rounded_up_to_what_suffices() -> None:
    found = told("hi_tech_enterprise", {**HI_TECH, "employees": 101}, "C4").leading
    assert found.gap is not None
    assert found.gap.amount == 1


def test_a_strict_bound_needs_more_than_the_difference() -> None:
    found = told("hi_tech_enterprise", {**HI_TECH, "innovation_score": 70}, "C8").leading
    assert found.gap is not None
    assert (found.gap.amount, found.gap.beyond) == (0, True)
    sales = {"small_scale": True, "filing": "month", "sales_yuan": 10_000_000}
    found = told("vat_small_scale_exempt_2026", sales, "C2").leading
    assert found.gap is not None
    assert (found.gap.amount, found.gap.more) == (1, False)


def test_a_failed_branch_of_an_or_that_holds_is_no_failure() -> None:
    facts = {"revenue_last": 1499 * WAN, "equity_2y": 2000 * WAN}
    assert [f.role for f in told("srdi_sme_2026", facts, "S4a").findings] == [Role.BESIDE, Role.MET]
    both = told("srdi_sme_2026", {**facts, "equity_2y": 0}, "S4a")
    assert [f.role for f in both.findings] == [Role.FAILED, Role.FAILED]


def test_a_leaf_under_not_is_met_when_it_is_false() -> None:
    found = told("hi_tech_enterprise", HI_TECH, "C9").leading
    assert (found.result, found.wanted, found.role) == (False, False, Role.MET)
    assert told("hi_tech_enterprise", {"major_incident_1y": True}, "C9").leading.role is Role.FAILED


def test_only_what_matters_is_missing() -> None:
    assert told("hi_tech_enterprise", {"rd_3y": 1, "sales_3y": 1}, "C5").missing == ("sales_last",)
    assert told("srdi_sme_2026", {"revenue_last": 1500 * WAN}, "S4a").missing == ()
    partly = {**HI_TECH, "sales_last": None, "employees": None}
    found = explain("hi_tech_enterprise", partly)
    assert (found.outcome, found.missing) == (Outcome.UNKNOWN, ("employees", "sales_last"))


def test_a_base_of_zero_is_unknown_and_nothing_is_missing() -> None:
    found = told("hi_tech_enterprise", {**HI_TECH, "sales_3y": 0, "rd_3y": 0}, "C5")
    assert (found.result, found.missing, len(found.undefined)) == (None, (), 1)
    assert "除数" in str(found.leading.says)


def test_what_is_unknown_among_hard_conditions_is_asked_before_a_person_judges() -> None:
    facts = {**HI_TECH, "in_supported_field": None, "innovation_score": None}
    assert explain("hi_tech_enterprise", facts).outcome is Outcome.MANUAL_REVIEW
    assert explain("hi_tech_enterprise", {**facts, "rd_3y": None}).outcome is Outcome.UNKNOWN
    assert (
        explain("hi_tech_enterprise", {**facts, "in_supported_field": False}).outcome is Outcome.NOT_ELIGIBLE
    )


def test_scores_come_with_their_parts() -> None:
    facts = {"rd_last": 400 * WAN, "sales_last": 5000 * WAN, "cost_last": 4000 * WAN}
    found = explain("tech_sme", facts)
    assert [points for _, points in found.score_parts("rd")] == [50, 10]
    assert (found.scores["rd"], found.scores["total"]) == (50, None)


def test_a_benefit_is_unknown_when_its_fact_is_missing_and_says_which() -> None:
    found = explain("rd_super_deduction_ic", {"on_ic_or_machine_tool_list": True, "cit_rate": Fraction(1, 4)})
    assert (found.benefit, found.benefit_missing) == (None, ("rd_expensed_wan",))
