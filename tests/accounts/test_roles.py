"""Roles: where they hold, and which exclude each other."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Jurisdiction, RoleAssignment
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


ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(ADMINISTRATORS, 2)))
def test_system_security_and_audit_are_three_people(db: None, one: Role, other: Role) -> None:
    assert refused(user=cast.officer(one), role=other) == "separation_of_duties"


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_none_of_the_three_does_the_work_of_a_department(market: Department, role: Role) -> None:
    assert refused(user=cast.officer(Role.REVIEWER, market), role=role) == "separation_of_duties"
    assert refused(user=cast.officer(role), role=Role.REVIEWER, department=market) == "separation_of_duties"


def test_the_database_knows_the_three_too(db: None) -> None:
    guard = cast.officer(Role.SECURITY_ADMINISTRATOR)
    with pytest.raises(IntegrityError, match="role_one_administrator"), transaction.atomic():
        RoleAssignment.objects.create(user=guard, role=Role.AUDITOR.value, from_on=cast.TODAY)
    revoke_role(assignment=guard.role_assignments.get(), by=cast.SYSTEM, at=cast.AT)
    assert RoleAssignment.objects.create(user=guard, role=Role.AUDITOR.value, from_on=cast.TODAY).pk


def test_nobody_hands_a_role_to_themselves_or_takes_one_from_themselves(park: Jurisdiction) -> None:
    guard = cast.officer(Role.SECURITY_ADMINISTRATOR)
    by = cast.acting(guard)
    assert refused(user=guard, role=Role.LEADER, jurisdiction=park, by=by) == "separation_of_duties"
    with pytest.raises(Refused) as refusal:
        revoke_role(assignment=guard.role_assignments.get(), by=by, at=cast.AT)
    assert refusal.value.code == "separation_of_duties"


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


def test_only_the_security_administrator_manages_users(market: Department) -> None:
    others = ((Role.DEPARTMENT_HEAD, market), (Role.SYSTEM_ADMINISTRATOR, None), (Role.AUDITOR, None))
    for role, place in others:
        with pytest.raises(Refused, match="安全管理员"):
            create_user(person=cast.newcomer(), by=cast.acting(cast.officer(role, place)), at=cast.AT)
    guard = cast.acting(cast.officer(Role.SECURITY_ADMINISTRATOR))
    assert create_user(person=cast.newcomer(), by=guard, at=cast.AT).pk
