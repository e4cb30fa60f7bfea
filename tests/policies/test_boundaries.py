"""Every place of a policy is held by a worked example, or it is named with the example that would hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qitong.policies import boundaries
from qitong.policies.check import check_paths, packaged
from qitong.policies.library import Entry
from qitong.policies.logic import reference
from qitong.policies.logic.boundaries import fewest, unheld
from qitong.policies.logic.changes import changes
from qitong.policies.logic.noticing import Case, Changed
from qitong.policies.schema import Example, Policy
from qitong.policies.suggesting import Suggesting
from tests.policies.desk import TEXT
from tests.policies.draw import companies, rules

BARE = "".join(line for line in TEXT.splitlines(keepends=True) if "name: below" not in line)


def problems(folder: Path, text: str) -> list[str]:
    file = folder / "green_share.yaml"
    file.write_text(text, encoding="utf-8")
    return [str(problem) for problem in check_paths([file])[1]]


def with_examples(policy: Policy, examples: Sequence[Example]) -> Policy:
    return policy.model_copy(update={"examples": list(examples)})


def first_only(entry: Entry) -> Policy:
    """With the first worked case of it alone."""
    return with_examples(entry.policy, entry.policy.examples[:1])


def test_a_bound_that_no_example_holds_is_told_at_its_number_with_the_example(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, BARE)
    line = next(n for n, text in enumerate(BARE.splitlines(), 1) if ">= 5%" in text)
    column = BARE.splitlines()[line - 1].index("5%") + 1
    assert f"green_share.yaml:{line}:{column}: 没有例子守住“5%”" in problem
    wanted = (
        "{name: green_spent_1, like: at, in: {green_spent: 49.999999}, expect: not_eligible,"
        " benefit: 4.9999999}"
    )
    assert problem.endswith(wanted)
    assert problems(tmp_path, f"{BARE}  - {wanted}\n") == []


def test_the_example_must_say_what_the_number_decides(tmp_path: Path) -> None:
    """At the ceiling an example that does not look at the amount holds nothing."""
    (problem,) = problems(tmp_path, TEXT.replace("expect: eligible, benefit: 50}", "expect: eligible}"))
    assert "没有例子守住“50万元”" in problem
    higher = TEXT.replace("ceiling: 50万元", "ceiling: 60万元").replace(
        "benefit: 50}", "benefit: 50.0000001}"
    )
    (problem,) = problems(tmp_path, higher)
    assert "没有例子守住“60万元”" in problem


def test_a_code_that_could_be_taken_in_is_told_at_those_that_are_written() -> None:
    """Nobody finds in the rule a code that does not stand there."""
    pudong = packaged().entries["district_srdi_award_pudong"]
    left = [each for each in pudong.policy.examples if not each.name.startswith("title_")]
    found = boundaries.gaps(with_examples(pudong.policy, left), pudong.rule)
    assert "little_giant" in {gap.literal for gap in found}
    written = pudong.policy.benefit.amount
    assert all(gap.literal in written for gap in found), [gap.literal for gap in found]


@pytest.mark.parametrize(
    ("rule", "literal"),
    [
        ("green_spent / green_sales > 4%", "> 4%"),
        ("green_spent / green_sales >= 5% and green_sales >= 1000万元", ">= 1000万元"),
        ("at_least(1, green_spent / green_sales >= 5%, green_sales > 9亿元)", "> 9亿元"),
        ("green_spent / green_sales >= 5% or green_sales > 9亿元", "> 9亿元"),
    ],
)
def test_operators_joins_and_counts_are_asked_for_too(tmp_path: Path, rule: str, literal: str) -> None:
    found = problems(tmp_path, BARE.replace("green_spent / green_sales >= 5%", f'"{rule}"'))
    assert any(f"没有例子守住“{literal}”" in problem for problem in found), found


def test_the_time_since_a_date_is_reckoned_to_the_day_of_the_example(tmp_path: Path) -> None:
    dated = TEXT.replace(
        "inputs:\n",
        "inputs:\n  begun_on:\n    name: {zh: 开工日期, en: Start}\n    unit: date\n"
        "    question: {zh: 何时开工？, en: When did it start?}\n",
    ).replace(">= 5%,", ">= 5% and months_since(begun_on) >= 12,")
    dated = dated.replace("in: {green_spent: 50,", "in: {begun_on: 2025-06-15, green_spent: 50,")
    assert all("例子应写明 on" in problem for problem in problems(tmp_path, dated))
    for name in ("at", "far", "gap"):
        dated = dated.replace(f"{{name: {name},", f"{{name: {name}, on: 2026-06-15,")
    (problem,) = problems(tmp_path, dated)
    assert "没有例子守住“>= 12”" in problem
    assert "begun_on: '2025-06-16'" in problem


def test_of_whole_numbers_nothing_is_asked_that_cannot_be() -> None:
    """Fewer than 11 persons and at most 10 are the same."""
    rule = packaged().entries["startup_guaranteed_loan_micro"].rule
    policy = packaged().entries["startup_guaranteed_loan_micro"].policy
    noticed = [ladder[0].name for ladder in changes(rule) if not _held(policy, rule, ladder[0])]
    assert noticed == ["C2: 1/10-1/1000000"], "no share of at most 100 persons lies so near"
    assert boundaries.gaps(policy, rule) == ()


def _held(policy: Policy, rule: Any, change: Any) -> bool:
    cases = Suggesting(policy, rule).cases()
    assert cases is not None
    return any(Changed(change).noticed(case) for case in cases)


@pytest.mark.parametrize(
    "code", ["hi_tech_enterprise", "disability_levy_relief", "residence_points_sh", "tech_sme"]
)
def test_from_one_worked_case_the_rest_is_suggested_and_then_nothing_is_open(code: str) -> None:
    entry = packaged().entries[code]
    policy = first_only(entry)
    found = boundaries.look(policy, entry.rule)
    assert len(found.gaps) > 5
    assert all(gap.names for gap in found.gaps)
    names = [example.name for example in (*policy.examples, *found.suggestions)]
    assert len(set(names)) == len(names)
    assert {example.like for example in found.suggestions} == {policy.examples[0].name}
    whole = with_examples(policy, [*policy.examples, *found.suggestions])
    assert boundaries.gaps(whole, entry.rule) == ()
    again = Policy.model_validate_json(whole.model_dump_json())
    assert Suggesting(again, entry.rule).cases() is not None, "written and read, each comes out as it says"


@pytest.mark.parametrize("code", ["tech_sme", "innovative_sme", "residence_points_sh"])
def test_a_bound_of_points_added_up_is_reached_by_scores_that_add_up_to_it(code: str) -> None:
    """No fact alone brings a total to 60: each change to a bound of points is held by what is suggested."""
    entry = packaged().entries[code]
    policy = first_only(entry)
    whole = with_examples(policy, [*policy.examples, *boundaries.look(policy, entry.rule).suggestions])
    decisive = [
        ladder[0]
        for ladder in changes(entry.rule)
        if ladder[0].spot.section[0] == "conditions" or ladder[0].name.startswith("insurance")
    ]
    never = ["C4: >→!="] if code == "tech_sme" else []  # no points are less than 0
    assert [change.name for change in decisive if not _held(whole, entry.rule, change)] == never


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
@given(rule=rules(), seed=st.integers(0, 10**6))
def test_of_any_rule_what_is_suggested_is_needed_and_closes_everything(rule: Any, seed: int) -> None:
    rule = replace(rule, conditions=rule.conditions[:1])  # the rest of the test is the slower for each more
    suggesting = Suggesting(packaged().entries["tech_sme"].policy, rule)
    own = [case for facts in companies(rule, seed, 3) if (case := suggesting.made(facts)) is not None]
    open_ = unheld(rule, own, own, suggesting.made)
    chosen = fewest(open_)
    for each in open_:
        assert not any(each.changed.noticed(case) for case in own)
        assert any(each.changed.noticed(case) for case in chosen)
    for case in chosen:
        others = [it for it in chosen if it is not case]
        assert any(not any(each.changed.noticed(it) for it in others) for each in open_), "none is needless"
        assert case.outcome is reference.outcome(rule, case.facts)
        assert _noticed_by_reference(rule, open_, case)
    assert unheld(rule, [*own, *chosen], own, suggesting.made) == []


def _noticed_by_reference(rule: Any, open_: Sequence[Any], case: Case) -> bool:
    """By the specification, with nothing compiled: something that the case looks at comes out otherwise."""
    held = [each for each in open_ if each.changed.noticed(case)]
    return all(_meant(rule, case) != _meant(each.change.changed, case) for each in held)


def _meant(rule: Any, case: Case) -> list[Any]:
    said: list[Any] = [reference.outcome(rule, case.facts)]
    for kind, name in sorted(case.looks):
        node = rule.score(name) if kind == "scores" else rule.benefit.node
        said.append(reference.meaning(node, rule, case.facts))
    return said
