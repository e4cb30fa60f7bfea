from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from qitong.catalogue.logic.path import (
    PathItem,
    Plan,
    StepKind,
    StepState,
    from_data,
    milestone,
    plan,
)
from qitong.kernel.errors import Refused

A = from_data({"code": "a", "promised_wd": 3})
B = from_data({"code": "b", "promised_wd": 5, "requires": ["a"], "applies_when": "wants_b"})
C = from_data({"code": "c", "promised_wd": 2, "requires": ["b"], "requires_if": {"size > 10": ["d"]}})
D = from_data({"code": "d", "promised_wd": 9, "requires": ["a"]})
OPEN = milestone("M_OPEN", ["c"])


def planned(facts: dict[str, object], *items: PathItem, **how: Any) -> Plan:
    return plan(items or (A, B, C, D), () if items else (OPEN,), facts, **how)


def test_the_goal_decides_what_belongs_to_the_path() -> None:
    found = planned({"wants_b": True, "size": 1}, goal="M_OPEN")
    assert list(found.steps) == ["a", "b", "c", "M_OPEN"]
    assert (found.days, found.serial_days) == (10, 10)


def test_several_goals_make_one_path() -> None:
    found = planned({"wants_b": True, "size": 1}, goal=["c", "d"])
    assert set(found.steps) == {"a", "b", "c", "d"}
    assert (found.reaches["c"].days, found.reaches["d"].days) == (10, 12)


def test_an_unknown_goal_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        planned({}, goal="M_MOON")
    assert (refused.value.code, refused.value.field) == ("unknown_goal", "goal")


def test_an_item_that_does_not_apply_is_contracted() -> None:
    found = planned({"wants_b": False, "size": 1}, goal="M_OPEN")
    assert found.steps["c"].after == ("a",)
    assert [d.code for d in found.dropped] == ["b"]


def test_a_goal_that_does_not_apply_needs_nothing() -> None:
    found = planned({"wants_b": False}, goal="b")
    assert (dict(found.steps), found.days, [d.code for d in found.dropped]) == ({}, 0, ["b"])


def test_a_condition_on_a_requirement_may_be_an_expression() -> None:
    assert "d" in planned({"wants_b": True, "size": 11}, goal="M_OPEN").steps
    assert "d" not in planned({"wants_b": True, "size": 10}, goal="M_OPEN").steps


def test_unknown_keeps_the_item_and_names_the_question() -> None:
    found = planned({}, goal="M_OPEN")
    assert found.steps["b"].uncertain == ("wants_b",)
    assert found.steps["b"].may_not_apply
    assert found.steps["c"].uncertain == ("size",)
    assert not found.steps["c"].may_not_apply
    assert "d" in found.steps
    assert [(q.fact, q.steps) for q in found.questions] == [("wants_b", ("b",)), ("size", ("c",))]


def test_each_step_says_whether_it_is_done_running_open_or_waiting() -> None:
    found = planned({"wants_b": True, "size": 11}, done={"a"}, started={"b": 4})
    assert {s.code: s.state for s in found.steps.values()} == {
        "a": StepState.DONE,
        "b": StepState.RUNNING,
        "d": StepState.CAN_START_NOW,
        "c": StepState.WAITING,
        "M_OPEN": StepState.WAITING,
    }
    assert found.steps["c"].waiting_for == ("b", "d")
    assert (found.steps["b"].remaining, found.steps["d"].earliest_start, found.days) == (1, 0, 11)
    assert found.critical_path == ("d", "c", "M_OPEN")
    assert not found.steps["a"].on_critical_path


def test_a_running_item_over_its_time_has_nothing_left_and_no_less() -> None:
    assert planned({}, A, started={"a": 8}).steps["a"].remaining == 0


def test_an_item_under_way_stays_whatever_the_facts_say() -> None:
    found = planned({"wants_b": False, "size": 1}, done={"a"}, started={"b": 1})
    assert found.steps["b"].state is StepState.RUNNING
    assert found.dropped == ()


def test_a_question_is_not_asked_about_what_is_done() -> None:
    assert "wants_b" not in {q.fact for q in planned({}, done={"a", "b"}).questions}


def test_a_milestone_takes_no_time_and_is_reached_only_when_somebody_says_so() -> None:
    waiting = planned({"wants_b": True, "size": 1}, done={"a", "b", "c"}, goal="M_OPEN").steps["M_OPEN"]
    assert (waiting.kind, waiting.days, waiting.state) == (StepKind.MILESTONE, 0, StepState.CAN_START_NOW)
    reached = planned({"wants_b": True, "size": 1}, done={"M_OPEN"}, goal="M_OPEN").steps["M_OPEN"]
    assert reached.state is StepState.DONE


def test_a_milestone_may_have_a_condition_too() -> None:
    build = milestone("M_BUILD", ["a"], applies_when="builds")
    after = from_data({"code": "e", "promised_wd": 1, "requires": ["M_BUILD"]})
    found = plan((A, after), (build,), {"builds": False}, goal="e")
    assert list(found.steps) == ["a", "e"]


def test_a_cycle_in_the_catalogue_is_refused() -> None:
    one = from_data({"code": "x", "promised_wd": 1, "requires": ["y"]})
    other = from_data({"code": "y", "promised_wd": 1, "requires": ["x"]})
    with pytest.raises(Refused) as refused:
        planned({}, one, other)
    assert refused.value.code == "cycle"


EIA = {
    "code": "eia",
    "promised_wd": 30,
    "applies_when": 'category != "exempt"',
    "variants": {"book": {"promised_wd": 30}, "form": {"promised_wd": 15}},
}


def test_variants_follow_the_one_fact_of_the_condition_unless_told() -> None:
    assert from_data(EIA).variant_fact == "category"
    assert planned({"category": "form"}, from_data(EIA)).days == 15
    told = from_data(EIA | {"variant_fact": "kind"})
    assert planned({"category": "book", "kind": "form"}, told).days == 15


def test_while_the_variant_is_unknown_the_full_days_count_and_the_fact_is_asked() -> None:
    step = planned({}, from_data(EIA | {"applies_when": ""} | {"variant_fact": "kind"})).steps["eia"]
    assert (step.days, step.uncertain, step.may_not_apply) == (30, ("kind",), False)


def test_an_unknown_variant_is_refused_and_names_the_fact() -> None:
    with pytest.raises(Refused) as refused:
        planned({"category": "poem"}, from_data(EIA))
    assert (refused.value.code, refused.value.field) == ("unknown_variant", "category")


def test_variants_without_a_fact_to_choose_by_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        from_data(EIA | {"applies_when": ""})
    assert refused.value.code == "variant_fact"


def test_an_item_under_way_that_became_exempt_keeps_its_days() -> None:
    assert planned({"category": "exempt"}, from_data(EIA), started={"eia": 10}).days == 20


def test_a_hand_written_item_needs_only_a_code() -> None:
    assert planned({}, PathItem("z", days=4, variants=MappingProxyType({}))).serial_days == 4
