"""What is asked first: what is at stake counts where it is not known yet, rare cases weigh little."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qitong.policies import asking, matching, sections
from qitong.policies.check import packaged
from qitong.policies.features import derived
from qitong.policies.logic import reading
from qitong.policies.logic.question import Question
from qitong.policies.sections import Section

ON = dt.date(2026, 11, 26)
STARTUP = "sh_first_startup_subsidy"
GREEN = {"registered_on": "2023-03-06", "employees": 42, "revenue_last": 2860, "industry_code": "C2651"}
MAKER = {
    "registered_on": "2019-05-20", "employees": 118, "sales_last": Decimal("6480.5"),
    "industry_code": "C3569", "core_ip_owned": 6, "in_supported_field": True, "tech_staff": 26,
    "rd_domestic_3y": 905, "total_income_last": 6520, "major_incident_1y": False,
    "taxable_income_wan": Decimal("742.3"), "rd_3y": Decimal("963.2"), "sales_3y": 17900,
    "hitech_income_last": 5210,
}  # fmt: skip
ANSWERS = {
    "small_scale": False, "general_taxpayer": True, "is_hi_tech": False, "restricted_industry": False,
    "is_building": False, "real_estate_or_land": False,
}  # fmt: skip


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    fields = packaged().fields
    return {name: reading.value(fields[name], value) for name, value in given.items()}


def _asked(facts: dict[str, Any]) -> list[Question]:
    library = packaged()
    matches = matching.match(library, facts, ON)
    return asking.worth_asking(library, matches, derived(facts, ON, library), ())


def _sections(facts: dict[str, Any]) -> dict[str, Section]:
    found = sections.sorted_out(matching.match(packaged(), facts, ON), ())
    return {m.entry.policy.id: section for section, rows in found.items() for m in rows}


@pytest.mark.parametrize("given", [GREEN, MAKER], ids=["chemicals", "equipment"])
def test_after_three_answers_the_list_has_changed(given: dict[str, Any]) -> None:
    facts = _facts(given)
    before = _sections(facts)
    for _ in range(3):
        first = _asked(facts)[0]
        assert STARTUP not in first.helps
        facts |= _facts({first.fact: ANSWERS[first.fact]})
    after = _sections(facts)
    assert sum(after[code] is not section for code, section in before.items()) >= 3


def test_a_benefit_that_hangs_on_missing_facts_is_not_nothing() -> None:
    found = {m.entry.policy.id: m for m in matching.match(packaged(), {}, ON)}
    assert found["tech_transfer_cit"].found.benefit is None
    assert matching.at_stake(found["tech_transfer_cit"]) == 150_000_000  # its worked cases: 150 万元
    assert matching.at_stake(found["key_group_startup_tax"]) == 2_400_000  # its ceiling
    assert matching.at_stake(found["equipment_one_off_deduction"]) == 0  # time, no money
    assert matching.at_stake(found["little_giant_2026"]) == 0  # a title


def test_nobody_is_asked_for_the_sake_of_what_is_unlikely() -> None:
    assert any(STARTUP in q.helps for q in _asked(_facts({"registered_on": "2026-03-06"})))
    assert not any(STARTUP in q.helps for q in _asked(_facts({"registered_on": "2019-03-06"})))


def test_an_answer_that_can_rule_out_many_comes_before_one_that_can_rule_out_one() -> None:
    first = _asked(_facts(MAKER))[0]
    assert len(first.ends) >= 2


def test_what_is_unlikely_stands_last_of_what_is_asked() -> None:
    found = sections.sorted_out(matching.match(packaged(), _facts(MAKER), ON), ())[Section.ASK]
    codes = [m.entry.policy.id for m in found if m.standing.window_state != "closed"]
    assert codes.index(STARTUP) > codes.index("rd_super_deduction")
    assert codes[0] == "tech_transfer_cit"  # it may bring most
