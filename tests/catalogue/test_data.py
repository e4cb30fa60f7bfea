"""The packaged catalogue keeps what the reference park states."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.crossrefs import calendar_days_at_most
from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.kinds import LABELS
from qitong.catalogue.logic.types import ItemSpec, LimitUnit, MaterialClass, StepKind
from qitong.catalogue.schema import Catalogue
from qitong.kernel.workdays import official

# The number of stages a company sees, per item, as the facts about the reference park give it.
STAGES = {
    "business_licence": 2,
    "seal_filing": 1,
    "tax_registration": 2,
    "social_insurance_account": 2,
    "housing_fund_account": 1,
    "investment_project_filing": 2,
    "land_use_planning_permit": 4,
    "construction_planning_permit": 4,
    "eia_approval": 4,
    "energy_review": 3,
    "fire_design_review": 3,
    "construction_permit": 4,
    "drainage_permit": 4,
    "pollutant_discharge_permit": 4,
    "joint_acceptance": 4,
    "real_estate_registration": 3,
    "food_business_licence": 3,
    "hazchem_licence": 4,
    "customs_filing": 1,
    "pv_grid_connection": 4,
    "hi_tech_enterprise": 4,
    "tech_sme_evaluation": 3,
    "srdi_sme": 4,
    "rd_super_deduction": 2,
    "export_tax_refund": 2,
    "green_factory": 3,
    "talent_apartment": 3,
    "residence_settlement": 4,
}


@cache
def packaged() -> Catalogue:
    catalogue, problems = check_path(PACKAGED)
    assert catalogue is not None, problems
    return catalogue


def specs() -> list[ItemSpec]:
    return [ItemSpec.from_data(item.canonical()) for item in packaged().items]


def spec(code: str) -> ItemSpec:
    return next(item for item in specs() if item.code == code)


def test_there_are_28_items_with_15_days_and_3_steps_on_average() -> None:
    found = specs()
    assert len(found) == 28
    assert sum(item.promised_days for item in found) == 28 * 15
    assert sum(max(step.level for step in item.steps) for item in found) == 28 * 3
    assert sum(len(item.materials) for item in found) <= 28 * 5


@pytest.mark.parametrize("code", STAGES)
def test_the_longest_chain_of_steps_is_what_the_company_is_told(code: str) -> None:
    assert max(step.level for step in spec(code).steps) == STAGES[code]


@pytest.mark.parametrize("item", specs(), ids=lambda item: item.code)
def test_steps_fit_the_promise(item: ItemSpec) -> None:
    chain = Dag({step.key: step.after for step in item.steps}).schedule({s.key: s.days for s in item.steps})
    assert chain.length == item.promised_days


def test_departments_review_at_once_not_in_turn() -> None:
    reviews = [s for s in spec("joint_acceptance").steps if s.kind is StepKind.REVIEW]
    assert {s.department for s in reviews} == {"zjw", "gzj", "sthj", "swj"}
    assert {s.level for s in reviews} == {2}


def test_a_red_line_item_asks_for_a_red_line_material_and_looks_at_it() -> None:
    looking = {StepKind.REVIEW, StepKind.INSPECTION}
    for item in (item for item in specs() if item.red_line):
        assert any(m.klass is MaterialClass.RED_LINE for m in item.materials)
        assert sum(step.kind in looking for step in item.steps) >= 2


def test_every_text_is_in_both_languages() -> None:
    han = range(0x4E00, 0x9FFF)
    for item in packaged().items:
        pairs = [item.name, item.certificate, item.certificate.validity, *item.materials, *item.steps]
        for pair in pairs:
            assert any(ord(char) in han for char in pair.zh), pair.zh
            assert not any(ord(char) in han for char in pair.en), pair.en


def test_a_variant_shortens_promise_and_steps_alike() -> None:
    item = spec("eia_approval")
    form = item.in_variant("report_form")
    assert (item.promised_days, form.promised_days) == (30, 15)
    assert form.statutory.days == 30
    assert sum(max(s.days for s in form.steps if s.level == level) for level in range(1, 5)) <= 15
    assert item.in_variant("unheard_of") == item


def test_working_days_are_weighed_against_calendar_days_at_their_worst() -> None:
    calendar = official()
    # Three working days from the last Friday before the Spring Festival of 2026.
    taken = (calendar.add(dt.date(2026, 2, 13), 3) - dt.date(2026, 2, 13)).days
    assert 3 < taken == 12 <= calendar_days_at_most(3)
    assert calendar_days_at_most(15) <= 30
    assert calendar_days_at_most(30) <= 60


def test_calendar_day_limits_are_marked_as_such() -> None:
    in_calendar_days = {item.code for item in specs() if item.statutory.unit is LimitUnit.CD}
    assert in_calendar_days == {"tax_registration", "social_insurance_account", "eia_approval"}


def test_no_two_kinds_of_value_share_a_label_by_accident() -> None:
    # StrEnum members of equal text are one key of a dict, whatever their class.
    classes = {type(value) for value in LABELS}
    assert len(LABELS) == sum(len(cls) for cls in classes)
