"""A company's preparation list: what it can get or nearly, what is missing, by when to begin."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts.actors import actor_for
from qitong.accounts.enterprises import Registration
from qitong.kernel.errors import Refused
from qitong.policies import preparing, publish, suitability
from qitong.policies.check import packaged
from qitong.policies.logic.coming import Sort
from qitong.policies.logic.package import Thing
from qitong.policies.papers import Standing
from qitong.policies.preparing import Plan
from qitong.policies.sections import Section
from tests.policies.desk import AT, CODE, SYSTEM, TEXT, company, loaded

pytestmark = pytest.mark.django_db
OPENS = TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2027-02-01, close: 2027-03-15").replace(
    "confidence: high", "confidence: high\nmaterials:\n  - {zh: 投入清单, en: List of spending}"
)


def plan(made: Registration, at: dt.datetime = AT) -> Plan:
    by = actor_for(made.administrator, on=at.date())
    return preparing.of_company(made.enterprise, by=by, on=at.date())


def test_a_window_is_prepared_for_by_who_can_get_it() -> None:
    made = company(1, 60)
    loaded(text=OPENS)
    [one] = plan(made).prepare
    assert (one.item.coming.sort, str(one.item.coming.first), str(one.item.coming.last)) == (
        Sort.WINDOW,
        "2027-02-01",
        "2027-03-15",
    )
    assert one.meets
    assert [(paper.spec.zh, paper.standing) for paper in one.papers] == [("投入清单", Standing.MISSING)]
    # Both figures speak of 2025 and of no other year: in February those of 2026 are asked for.
    assert [(each.spec.name, str(each.last)) for each in one.renew] == [
        ("green_spent", "2026-12-31"),
        ("green_sales", "2026-12-31"),
    ]
    assert one.begin_by is not None
    assert one.begin_by < dt.date(2027, 3, 15)
    assert one.provisional


def test_what_is_missing_is_asked_and_what_is_one_condition_off_says_by_how_much() -> None:
    unknown, near, far = company(1, None), company(2, 40), company(3, 60)
    loaded(text=OPENS)
    [asks] = plan(unknown).prepare
    assert [spec.name for spec in asks.ask] == ["green_spent"]
    assert asks.section is Section.ASK
    [lacks] = plan(near).prepare
    assert lacks.section is Section.NEAR
    by = actor_for(far.administrator, on=AT.date())
    suitability.declare(
        enterprise_id=far.enterprise.pk, thing=Thing.POLICY, code=CODE, reason="no_need", by=by, at=AT
    )
    assert plan(far).prepare == ()


def test_what_it_can_get_and_what_ends_is_told_apart() -> None:
    made = company(1, 60)
    loaded(text=TEXT.replace("to: 2027-12-31", "to: 2027-02-28"))
    found = plan(made)
    assert [one.item.coming.sort for one in found.ending] == [Sort.ENDS]
    assert found.ending[0].begin_by is None
    [window] = found.prepare
    assert window.item.coming.sort is Sort.WINDOW  # the one that is open now


def test_what_ends_is_told_to_those_who_could_still_get_it() -> None:
    unknown = company(1, None)
    loaded(text=TEXT.replace("to: 2027-12-31", "to: 2027-02-28"))
    [ends] = plan(unknown).ending
    assert (ends.item.coming.sort, ends.section) == (Sort.ENDS, Section.ASK)


def test_who_is_not_of_the_company_sees_nothing() -> None:
    made, other = company(1, 60), company(2, 60)
    loaded(text=OPENS)
    with pytest.raises(Refused):
        preparing.of_company(made.enterprise, by=actor_for(other.administrator, on=AT.date()), on=AT.date())


def test_the_packaged_policies_ask_a_company_of_which_nothing_is_known() -> None:
    made = company(1, None, None)
    publish.load(packaged(), by=SYSTEM, at=AT)
    found = plan(made)
    assert {one.item.coming.policy for one in found.prepare} == {"little_giant_2026", "tech_sme"}
    assert all(one.section is Section.ASK and one.ask for one in found.prepare)


def test_of_a_policy_that_begins_with_a_window_the_window_is_prepared_for() -> None:
    made = company(1, 60)
    loaded(text=OPENS.replace("from: 2026-01-01", "from: 2027-01-15"))
    assert [one.item.coming.sort for one in plan(made).prepare] == [Sort.WINDOW]
