"""The numbers of the shipped catalogue: 28 items, 420 working days in turn, 60 and 75 at once."""

from __future__ import annotations

import pytest

from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.logic.path import (
    Plan,
    StepKind,
    StepState,
    from_spec,
    milestone_from_spec,
)
from qitong.catalogue.logic.types import ItemSpec, MilestoneSpec
from tests.catalogue_logic.packaged import EVERYTHING, items, milestones, planned

LAND_CHAIN = (
    "business_licence",
    "investment_project_filing",
    "land_use_planning_permit",
    "construction_planning_permit",
    "fire_design_review",
    "construction_permit",
)


def codes(plan: Plan) -> set[str]:
    return {step.code for step in plan.steps.values() if step.kind is StepKind.ITEM}


def test_all_28_items_one_after_another_take_420_working_days() -> None:
    plan = planned()
    assert len(codes(plan)) == len(items()) == 28
    assert plan.serial_days == 420
    assert plan.dropped == ()
    assert plan.questions == ()


def test_starting_to_build_is_60_working_days_away_along_the_land_chain() -> None:
    reach = planned(goal="M_START_BUILD").reaches["M_START_BUILD"]
    assert reach.days == 60 == 3 + 1 + 18 + 18 + 13 + 7
    assert reach.path == (*LAND_CHAIN, "M_START_BUILD")
    assert reach.serial_days == 60 + 30 + 18  # the assessment and the energy review run beside the chain


def test_production_is_75_working_days_away_with_the_joint_acceptance() -> None:
    plan = planned(goal="M_START_PRODUCE")
    assert plan.days == 75
    assert plan.critical_path == (
        *LAND_CHAIN,
        "M_START_BUILD",
        "M_BUILT",
        "joint_acceptance",
        "M_START_PRODUCE",
    )
    assert plan.reaches["M_START_BUILD"].days == plan.reaches["M_BUILT"].days == 60
    assert plan.steps["eia_approval"].slack == 75 - 25 - (3 + 1 + 30)  # the discharge permit follows it
    assert "food_business_licence" not in plan.steps


def test_without_new_land_the_land_permit_is_taken_out_and_its_days_with_it() -> None:
    plan = planned({"needs_new_land": False}, goal="M_START_BUILD")
    assert "land_use_planning_permit" not in plan.steps
    assert plan.days == 60 - 18
    assert [d.code for d in plan.dropped] == ["land_use_planning_permit"]
    assert [(f.check.fact, f.result) for f in plan.dropped[0].findings] == [("needs_new_land", False)]


def test_a_small_building_needs_no_construction_permit_but_keeps_the_order() -> None:
    plan = planned({"floor_area_m2": 500}, goal="M_START_BUILD")
    assert "construction_permit" not in plan.steps
    assert "construction_planning_permit" in plan.graph.ancestors("M_START_BUILD")
    assert plan.steps["M_START_BUILD"].earliest_finish == 3 + 1 + 18 + 18 + 13


def test_an_exempt_project_still_asks_for_its_discharge_permit_after_the_filing() -> None:
    plan = planned({"eia_category": "exempt"}, goal="M_START_PRODUCE")
    assert plan.steps["pollutant_discharge_permit"].after == ("investment_project_filing",)


@pytest.mark.parametrize(
    ("category", "days"), [("report_book", 30), ("report_form", 15), ("registration_form", 0)]
)
def test_the_category_of_the_assessment_decides_its_days(category: str, days: int) -> None:
    step = planned({"eia_category": category}).steps["eia_approval"]
    assert step.days == step.earliest_finish - step.earliest_start == days


def test_nothing_known_leaves_every_item_in_and_asks() -> None:
    plan = planned(dict.fromkeys(EVERYTHING))
    assert len(codes(plan)) == 28
    assert (plan.serial_days, plan.reaches["M_START_PRODUCE"].days) == (420, 75)
    assert {q.fact for q in plan.questions} == set(EVERYTHING)
    assert plan.steps["eia_approval"].may_not_apply
    assert not plan.steps["business_licence"].may_not_apply
    assert not plan.steps["tax_registration"].uncertain


def test_on_the_first_day_only_the_licence_can_be_started() -> None:
    assert [s.code for s in planned().with_state(StepState.CAN_START_NOW)] == ["business_licence"]


def test_with_the_licence_in_hand_everything_after_it_can_start_at_once() -> None:
    plan = planned(
        goal="M_START_PRODUCE", done={"business_licence"}, started={"investment_project_filing": 0}
    )
    assert plan.days == 72
    assert plan.steps["investment_project_filing"].state is StepState.RUNNING
    assert plan.steps["drainage_permit"].waiting_for == ("investment_project_filing",)
    assert plan.critical_path[0] == "investment_project_filing"


def test_published_specs_read_the_same_as_the_file() -> None:
    catalogue, problems = check_path(PACKAGED)
    assert catalogue is not None, problems
    whole = catalogue.canonical()
    assert tuple(from_spec(ItemSpec.from_data(item)) for item in whole["items"]) == items()
    specs = (MilestoneSpec.from_data(code, row) for code, row in whole["milestones"].items())
    assert tuple(milestone_from_spec(spec) for spec in specs) == milestones()
