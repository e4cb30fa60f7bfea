"""The list of a company: what it can get, what must be asked, what is one step off; the next question."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.kernel.errors import Refused
from qitong.policies import suitability
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.package import Thing
from qitong.policies.logic.question import is_unlikely
from qitong.policies.matching import Match, at_stake
from qitong.policies.queries import of_company
from qitong.policies.sections import Section, section_of, unclear
from tests.policies.conftest import Company
from tests.policies.played import HE, LIN

HI_TECH = "hi_tech_enterprise"
PASSES = {
    "months_since_registration": 24,
    "core_ip_owned": 3,
    "in_supported_field": True,
    "tech_staff": 10,
    "employees": 100,
    "rd_3y": 500,
    "sales_3y": 10_000,
    "sales_last": 5_000,
    "rd_domestic_3y": 300,
    "hitech_income_last": 600,
    "total_income_last": 1_000,
    "innovation_score": 71,
    "major_incident_1y": False,
    "taxable_income_wan": 1_000,
}


def test_without_answers_nothing_is_yes_and_something_is_asked(green: Company) -> None:
    mine = green.sees()
    match = mine.match(HI_TECH)
    assert match is not None
    assert match.found.outcome is Outcome.UNKNOWN
    assert mine.questions
    assert all(m.found.outcome is Outcome.UNKNOWN for m in mine.sections[Section.ASK])


def test_an_answer_changes_the_list_at_once(green: Company) -> None:
    green.answers(**PASSES)
    assert HI_TECH in {m.entry.policy.id for m in green.sees().sections[Section.NOW]}
    green.answers(rd_3y="499.999999")
    near = {m.entry.policy.id: m for m in green.sees().sections[Section.NEAR]}
    (failing,) = [told for told in near[HI_TECH].found.results if told.result is False]
    assert failing.leading.gap is not None
    assert failing.leading.gap.amount == 1


def test_what_fails_by_one_is_not_near_while_others_are_not_known(green: Company) -> None:
    green.answers(**{**PASSES, "rd_3y": "499.999999"})
    assert section_of(_hi_tech(green)) is Section.NEAR
    green.answers(tech_staff=None)
    assert section_of(_hi_tech(green)) is Section.NOT
    assert unclear(_hi_tech(green)) == 1


def test_a_condition_of_two_parts_is_not_near_while_one_is_not_known(green: Company) -> None:
    """More than 200 people fail 小微; the other parts of the same condition may fail as well."""
    green.answers(avg_headcount=301)
    match = green.sees().match("small_low_profit_cit")
    assert match is not None
    assert match.found.outcome is Outcome.NOT_ELIGIBLE
    assert section_of(match) is Section.NOT


def _hi_tech(green: Company) -> Match:
    match = green.sees().match(HI_TECH)
    assert match is not None
    return match


def test_who_is_too_old_is_not_nearly_there(green: Company) -> None:
    green.answers(registered_on="2019-01-01")
    assert "sh_startup_si_subsidy" in {m.entry.policy.id for m in green.sees().sections[Section.NOT]}


def test_a_bound_that_depends_is_told_with_its_unit(green: Company) -> None:
    match = green.sees().match(HI_TECH)
    assert match is not None
    told = next(t for t in match.found.results if t.condition.id == "C5")
    assert "不低于5%或4%或3%" in str(told.leading.says)


def test_every_section_runs_from_what_brings_most(green: Company) -> None:
    green.answers(**PASSES)
    for rows in green.sees().sections.values():
        open_now = [m for m in rows if m.standing.window_state != "closed"]
        worth = [Fraction(0 if is_unlikely(m.found) else at_stake(m)) for m in open_now]
        assert worth == sorted(worth, reverse=True)


def test_every_policy_in_force_is_in_one_section(green: Company) -> None:
    green.answers(employees=80, is_hi_tech=False)
    mine = green.sees()
    listed = [m.entry.policy.id for rows in mine.sections.values() for m in rows]
    assert sorted(listed) == sorted(e.policy.id for e in mine.edition.library.in_force(mine.on))


def test_the_age_is_asked_by_the_date_of_registration(green: Company) -> None:
    facts = {q.fact for q in green.sees().questions}
    assert "registered_on" in facts
    assert "months_since_registration" not in facts
    green.answers(registered_on="2025-11-23")
    assert green.sees().facts["months_since_registration"] == 12


def test_what_they_do_not_know_is_not_asked_again_soon(green: Company) -> None:
    first = green.sees().questions[0].fact
    green.answers(**{first: None})
    assert first not in {q.fact for q in green.sees().questions}


def test_answering_every_question_ends_the_asking(green: Company) -> None:
    for _ in range(200):
        questions = green.sees().questions
        if not questions:
            break
        green.answers(**{questions[0].fact: None})
    assert green.sees().questions == []


def test_what_was_declared_unsuitable_is_not_proposed(green: Company) -> None:
    green.answers(**PASSES)
    by, pk = green.stage.who(LIN), green.enterprise.pk
    for _ in range(2):  # a second click changes nothing
        suitability.declare(
            enterprise_id=pk, thing=Thing.POLICY, code=HI_TECH, reason="no_need", by=by, at=green.stage.tick()
        )
    mine = green.sees()
    assert HI_TECH in {m.entry.policy.id for m in mine.sections[Section.NOT]}
    assert all(HI_TECH not in q.helps for q in mine.questions)
    suitability.take_back(enterprise_id=pk, thing=Thing.POLICY, code=HI_TECH, by=by, at=green.stage.tick())
    match = green.sees().match(HI_TECH)
    assert match is not None
    assert section_of(match) is Section.NOW


def test_another_reason_has_to_be_said(green: Company) -> None:
    with pytest.raises(Refused) as refused:
        suitability.declare(
            enterprise_id=green.enterprise.pk, thing=Thing.POLICY, code=HI_TECH, reason="other",
            by=green.stage.who(LIN), at=green.stage.at,
        )  # fmt: skip
    assert refused.value.field == "note"


def test_nobody_sees_another_company(green: Company) -> None:
    with pytest.raises(Refused) as refused:
        of_company(green.enterprise, by=green.stage.who(HE), on=green.stage.day())
    assert refused.value.code == "forbidden"


def test_facts_of_one_company_are_not_those_of_another(green: Company) -> None:
    green.answers(**PASSES)
    from qitong.accounts.models import Enterprise

    other = Enterprise.objects.get(memberships__user__login=HE)
    seen = of_company(other, by=green.stage.who(HE), on=green.stage.day())
    assert set(seen.known) == {"district"}  # of its own entry


def test_all_of_it_takes_four_queries(green: Company) -> None:
    green.answers(**PASSES)
    green.sees()
    by = green.stage.who(LIN)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        mine = of_company(green.enterprise, by=by, on=green.stage.day())
        assert mine.sections
        assert mine.questions is not None
        assert mine.groups is not None
    assert len(queries) == 4
