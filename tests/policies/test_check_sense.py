"""A rule that reads may still make no sense: numbers nobody can be at, or that no engine can hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from qitong.kernel.yamlmarks import Problem
from qitong.policies.check import check_paths
from qitong.policies.library import PACKAGED

CARRY = (PACKAGED / "loss_carry_10y.yaml").read_text(encoding="utf-8")
CUT = CARRY.index("  - {name: no_is_hi_tech")
RULE = "loss_age_years <= 10"
ENOUGH = "  - {name: neither, like: case_1, in: {is_tech_sme: false}, expect: not_eligible}\n"


def problems(folder: Path, rule: str, text: str = CARRY[:CUT] + ENOUGH) -> list[Problem]:
    file = folder / "loss_carry_10y.yaml"
    file.write_text(text.replace(RULE, rule), encoding="utf-8")
    return check_paths([file])[1]


@pytest.mark.parametrize("rule", [f"loss_age_years <= 1{'0' * 60}", f"loss_age_years * 1{'0' * 40} > 3"])
def test_numbers_that_no_engine_can_hold_are_told_at_the_rule(tmp_path: Path, rule: str) -> None:
    found = problems(tmp_path, rule)
    assert (41, 11) in [(p.line, p.column) for p in found if "规则中的数过大" in str(p.message)]


@pytest.mark.parametrize(
    ("rule", "says", "column"),
    [
        ("loss_age_years - 5000 <= 10", "都成立", 36),
        ("loss_age_years >= 0", "都成立", 29),
        ("loss_age_years != 2000", "都成立", 29),
        ("loss_age_years + 1 > 0", "都成立", 32),
        ("not (loss_age_years < 0)", "都不成立", 33),
        ("loss_age_years == 2000", "都不成立", 29),
    ],
)
def test_a_comparison_that_comes_out_the_same_for_all_is_told(
    tmp_path: Path, rule: str, says: str, column: int
) -> None:
    found = problems(tmp_path, rule)
    assert [(p.line, p.column) for p in found if says in str(p.message)] == [(41, column)]


def test_a_bound_that_somebody_can_be_at_is_none_of_them(tmp_path: Path) -> None:
    assert [p for p in problems(tmp_path, "loss_age_years >= 1") if "任何企业" in str(p.message)] == []


def test_a_forgotten_percent_sign_is_told_though_no_example_is_near(tmp_path: Path) -> None:
    text = (PACKAGED / "green_factory.yaml").read_text(encoding="utf-8")
    words = "name: {zh: 粉尘占比, en: Dust}, question: {zh: 多少？, en: How much?}"
    share = f"  dust: {{{words}, unit: ratio, range: [0, 1]}}\n"
    text = text.replace(
        "\nconditions:\n", f"\n{share}\nconditions:\n  - {{id: C9, rule: dust <= 5, kind: hard}}\n"
    )
    file = tmp_path / "green_factory.yaml"
    file.write_text(text, encoding="utf-8")
    found = check_paths([file])[1]
    assert any("请核对数和单位" in str(p.message) for p in found)


@pytest.mark.parametrize(
    ("name", "unit", "where"), [("employees", "wan", "sme_size"), ("years", "count", "")]
)
def test_a_fact_means_the_same_as_in_policies_that_are_not_checked_along(
    tmp_path: Path, name: str, unit: str, where: str
) -> None:
    """Employees are persons in the size table, years are years in the subsidy of loans."""
    fact = f"{{name: {{zh: 某, en: Some}}, unit: {unit}, question: {{zh: 几？, en: How many?}}}}"
    text = CARRY.replace("\nconditions:\n", f"\n  {name}: {fact}\n\nconditions:\n")
    (problem,) = problems(tmp_path, RULE, text)
    assert f"{name}的单位" in str(problem.message)
    assert (where or "startup_guaranteed_loan_micro") in str(problem.message)
