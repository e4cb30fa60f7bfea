"""What is known is not asked again: the place from the profile, one fact under several names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from qitong.policies import matching
from qitong.policies.check import packaged
from qitong.policies.engines import features as columns
from qitong.policies.features import derived, district_of
from qitong.policies.gathering import facts_of
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.terms import Source
from tests.policies.conftest import Company

ON = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("place", "uscc", "district"),
    [
        ("310151-P1", "91310115MA1JK0001T", "310151"),  # the park lies in its district
        ("310000", "91310115MA1JK0001T", "310115"),  # a whole city names no district: who registered it
        ("PARK", "91310000MA1JK0001T", None),
    ],
)
def test_the_district_is_that_of_the_place_or_of_the_credit_code(
    place: str, uscc: str, district: str | None
) -> None:
    assert district_of(place, uscc) == district


def test_the_district_of_a_company_is_known_with_its_source_and_asked_by_nobody(green: Company) -> None:
    mine = green.sees()
    assert (mine.known["district"].value, mine.known["district"].source) == ("310151", Source.PROFILE)
    assert "district" not in {q.fact for q in mine.questions}
    assert (
        facts_of([green.enterprise.pk], mine.edition.library, ON)[green.enterprise.pk]["district"] == "310151"
    )


def test_what_another_district_gives_is_not_for_this_company(green: Company) -> None:
    match = green.sees().match("green_food_rice_jinshan_2021")
    assert match is not None
    assert match.found.outcome is Outcome.NOT_APPLICABLE


def test_a_city_s_policies_are_not_for_another_city() -> None:
    def of(district: str | None) -> set[Outcome]:
        found = matching.match(packaged(), {"district": district}, ON)
        return {m.found.outcome for m in found if m.entry.policy.region == "310000"}

    assert of("330108") == {Outcome.NOT_APPLICABLE}
    assert Outcome.NOT_APPLICABLE not in of("310151")
    assert of(None) == of("310151")  # where it is not known nobody is asked


def test_one_revenue_is_asked_once_under_all_its_names(green: Company) -> None:
    names = {q.fact for q in green.sees().questions}
    assert "revenue_last" in names
    assert not names & {"sales_last", "rev_y1", "rd_y1", "general_taxpayer"}
    green.answers(sales_last="6480.5", small_scale=False)
    mine = green.sees()
    assert mine.facts["revenue_last"] == mine.facts["rev_y1"] == 6_480_500_000
    assert mine.facts["general_taxpayer"] is True
    assert not {q.fact for q in mine.questions} & {"revenue_last", "rev_y1", "general_taxpayer"}
    assert [each.spec.name for each in mine.behind("rev_y1")] == ["sales_last"]


@pytest.mark.parametrize(
    "given", [{"rev_y1": 5}, {"sales_last": 7, "revenue_last": 3}, {"general_taxpayer": True}]
)
def test_files_and_columns_share_facts_alike(given: dict[str, Any]) -> None:
    library = packaged()
    one = derived(given, ON, library)
    many = columns.derived(pl.DataFrame([given]), None, ON, library.alike).row(0, named=True)
    for name in {name for each in library.alike for name in (each.name, each.main)}:
        assert one.get(name) == many.get(name)
    assert {name: one[name] for name in given} == given
