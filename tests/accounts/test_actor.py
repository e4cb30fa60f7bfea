"""What an actor knows, and how many questions that costs."""

from __future__ import annotations

import datetime as dt

from pytest_django import DjangoAssertNumQueries

from qitong.accounts import absences, officers
from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Jurisdiction, User
from tests.accounts import cast

DAY = dt.timedelta(days=1)


def test_an_officer_costs_one_query(
    market: Department, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = cast.officer(Role.REVIEWER, market)
    with django_assert_num_queries(1):
        actor = cast.acting(person)
    assert actor.has(Role.REVIEWER, market.pk)


def test_a_member_of_an_enterprise_costs_one_query(
    park: Jurisdiction, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    registration = cast.registered(park)
    with django_assert_num_queries(1):
        actor = cast.acting(registration.administrator)
    assert actor.enterprise_ids == actor.administers == {registration.enterprise.pk}
    assert not actor.is_officer


def test_a_role_in_one_department_is_not_held_in_another(market: Department, window: Department) -> None:
    actor = cast.acting(cast.officer(Role.REVIEWER, market))
    assert actor.has(Role.REVIEWER)
    assert not actor.has(Role.REVIEWER, window.pk)
    assert not actor.has(Role.DEPARTMENT_HEAD, market.pk)
    assert actor.departments() == actor.departments(Role.REVIEWER) == {market.pk}
    assert actor.departments(Role.DUTY_OFFICER) == frozenset()


def test_a_leader_holds_the_role_for_a_jurisdiction(park: Jurisdiction) -> None:
    actor = cast.acting(cast.officer(Role.LEADER, jurisdiction=park))
    assert actor.is_officer
    assert actor.jurisdictions(Role.LEADER) == {park.pk}


def test_a_role_begins_on_its_first_day_and_is_gone_on_its_last(market: Department) -> None:
    person = cast.officer(Role.REVIEWER, market, from_on=cast.TODAY + DAY, until_on=cast.TODAY + 2 * DAY)
    held = [cast.acting(person, cast.TODAY + n * DAY).has(Role.REVIEWER) for n in range(3)]
    assert held == [False, True, False]


def test_a_closed_account_holds_nothing(market: Department) -> None:
    person = cast.officer(Role.REVIEWER, market)
    officers.close_user(user=person, by=cast.SYSTEM, at=cast.AT)
    assert cast.acting(User.objects.get(pk=person.pk)).roles == frozenset()


def test_a_substitute_acts_for_the_absent_on_those_days_only(market: Department) -> None:
    away, there = cast.officer(Role.REVIEWER, market), cast.officer(Role.REVIEWER, market)
    absences.record(
        user=away, substitute=there, starts_on=cast.TODAY, ends_on=cast.TODAY, by=cast.SYSTEM, at=cast.AT
    )
    assert cast.acting(there).acts_for(away.pk)
    assert cast.acting(there).acts_for(there.pk)
    assert not cast.acting(there, cast.TODAY + DAY).acts_for(away.pk)
    assert not cast.acting(away).acts_for(there.pk)


def test_the_system_and_a_visitor_act_for_nobody() -> None:
    for actor in (Actor.system("sweep"), Actor.visitor()):
        assert not actor.acts_for(None)
        assert not actor.is_officer
    assert Actor.system("sweep").ref == "system:sweep"
    assert Actor.system("sweep").is_system
    assert not Actor.visitor().is_system
