"""Roles: where they hold, and which exclude each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Jurisdiction
from qitong.accounts.officers import create_user, grant_role, revoke_role
from qitong.kernel.errors import Refused
from tests.accounts import cast


def refused(**facts: Any) -> str:
    with pytest.raises(Refused) as refusal:
        grant_role(**{"by": cast.SYSTEM, "at": cast.AT, **facts})
    return refusal.value.code


def test_a_role_is_granted_and_revoked_the_same_day(market: Department) -> None:
    person = cast.user()
    held = grant_role(user=person, role=Role.REVIEWER, department=market, by=cast.SYSTEM, at=cast.AT)
    assert cast.acting(person).has(Role.REVIEWER)
    revoke_role(assignment=held, by=cast.SYSTEM, at=cast.AT)
    assert not cast.acting(person).has(Role.REVIEWER)
    assert cast.kinds(person.ref) == ["user.created", "role.granted", "role.revoked"]


def test_a_role_that_has_not_begun_is_revoked_before_it_does(market: Department) -> None:
    soon = cast.TODAY + dt.timedelta(days=5)
    held = grant_role(
        user=cast.user(), role=Role.REVIEWER, department=market, from_on=soon, by=cast.SYSTEM, at=cast.AT
    )
    revoke_role(assignment=held, by=cast.SYSTEM, at=cast.AT)
    assert not cast.acting(held.user, soon).roles


def test_a_role_is_revoked_once(market: Department) -> None:
    held = cast.officer(Role.REVIEWER, market).role_assignments.get()
    revoke_role(assignment=held, by=cast.SYSTEM, at=cast.AT)
    with pytest.raises(Refused) as refusal:
        revoke_role(assignment=held, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "revoked"


def test_the_same_role_is_not_granted_twice(market: Department) -> None:
    person = cast.officer(Role.REVIEWER, market)
    assert refused(user=person, role=Role.REVIEWER, department=market) == "held"


def test_a_department_role_needs_its_department(db: None) -> None:
    assert refused(user=cast.user(), role=Role.REVIEWER) == "place"


def test_a_general_role_takes_no_department(market: Department) -> None:
    assert refused(user=cast.user(), role=Role.AUDITOR, department=market) == "place"


def test_a_leader_needs_a_jurisdiction(db: None) -> None:
    assert refused(user=cast.user(), role=Role.LEADER) == "place"


def test_the_role_of_a_company_is_not_granted_to_officers(db: None) -> None:
    assert refused(user=cast.user(), role=Role.ENTERPRISE) == "place"


def test_a_role_ends_after_it_begins(market: Department) -> None:
    code = refused(user=cast.user(), role=Role.REVIEWER, department=market, until_on=cast.TODAY)
    assert code == "dates"


def test_an_auditor_does_not_administer_the_system(db: None) -> None:
    auditor = cast.officer(Role.AUDITOR)
    assert refused(user=auditor, role=Role.SYSTEM_ADMINISTRATOR) == "separation_of_duties"


def test_who_does_the_work_does_not_audit_it(market: Department) -> None:
    reviewer = cast.officer(Role.REVIEWER, market)
    assert refused(user=reviewer, role=Role.AUDITOR) == "separation_of_duties"


def test_a_revoked_role_excludes_nothing_any_more(market: Department) -> None:
    person = cast.officer(Role.REVIEWER, market)
    revoke_role(assignment=person.role_assignments.get(), by=cast.SYSTEM, at=cast.AT)
    grant_role(user=person, role=Role.AUDITOR, by=cast.SYSTEM, at=cast.AT)
    assert cast.acting(person).has(Role.AUDITOR)


def test_one_person_may_lead_and_edit_policies(park: Jurisdiction) -> None:
    person = cast.officer(Role.LEADER, jurisdiction=park)
    grant_role(user=person, role=Role.POLICY_EDITOR, by=cast.SYSTEM, at=cast.AT)
    assert cast.acting(person).has(Role.POLICY_EDITOR)


def test_only_a_system_administrator_manages_users(market: Department) -> None:
    head = cast.acting(cast.officer(Role.DEPARTMENT_HEAD, market))
    with pytest.raises(Refused, match="系统管理员"):
        create_user(person=cast.newcomer(), by=head, at=cast.AT)
    administrator = cast.acting(cast.officer(Role.SYSTEM_ADMINISTRATOR))
    assert create_user(person=cast.newcomer(), by=administrator, at=cast.AT).pk
