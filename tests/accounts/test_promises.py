"""What the database refuses, whoever asks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qitong.accounts.logic.roles import Role
from qitong.accounts.models import (
    Absence,
    ApiToken,
    Department,
    Enterprise,
    EnterpriseMark,
    Jurisdiction,
    Level,
    MarkKind,
    RoleAssignment,
    User,
)
from tests.accounts import cast


def broken(name: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.RaisesExc(IntegrityError, match=name)


def test_a_login_in_upper_case(db: None) -> None:
    with broken("user_login_lower"):
        User.objects.create(login="A@b.cn", name="甲")


def test_a_city_below_something_and_a_park_below_nothing(park: Jurisdiction) -> None:
    with broken("jurisdiction_city_has_no_parent"), transaction.atomic():
        Jurisdiction.objects.create(code="c", name_zh="市", name_en="c", level=Level.CITY, parent=park)
    with broken("jurisdiction_city_has_no_parent"), transaction.atomic():
        Jurisdiction.objects.create(code="p", name_zh="园", name_en="p", level=Level.PARK)


def test_two_windows_of_one_park(park: Jurisdiction) -> None:
    with broken("department_one_window"):
        Department.objects.create(code="w", name_zh="窗", name_en="w", jurisdiction=park, is_window=True)


@pytest.mark.parametrize(
    "uscc", ["91110000600037341", "91110000600037341I", "0111000060003734L1", "9111000A600037341L"]
)
def test_a_code_without_the_shape_of_one(park: Jurisdiction, uscc: str) -> None:
    with broken("enterprise_uscc_shape"):
        Enterprise.objects.create(uscc=uscc, name="x", jurisdiction=park, registered_at=cast.AT)


def test_a_department_role_without_department(db: None) -> None:
    person = cast.user()
    with broken("role_department_given"), transaction.atomic():
        RoleAssignment.objects.create(user=person, role=Role.REVIEWER, from_on=cast.TODAY)
    with broken("role_leader_of"), transaction.atomic():
        RoleAssignment.objects.create(user=person, role=Role.LEADER, from_on=cast.TODAY)


def test_the_same_open_role_twice(db: None) -> None:
    person = cast.officer(Role.AUDITOR)
    with broken("role_open_once"):
        RoleAssignment.objects.create(user=person, role=Role.AUDITOR, from_on=cast.TODAY)


def test_overlapping_absences(db: None) -> None:
    a, b = cast.user(), cast.user()
    for last in (2, 4):
        Absence.objects.create(
            user=a,
            substitute=b,
            starts_on=cast.TODAY,
            ends_on=cast.TODAY + dt.timedelta(days=last),
            cancelled_at=cast.AT,
        )
    Absence.objects.create(user=a, substitute=b, starts_on=cast.TODAY, ends_on=cast.TODAY)
    with broken("absence_no_overlap"):
        Absence.objects.create(user=a, substitute=b, starts_on=cast.TODAY, ends_on=cast.TODAY)


def test_a_repair_without_somebody_who_confirmed_it(park: Jurisdiction) -> None:
    enterprise = cast.registered(park).enterprise
    with broken("mark_repair_whole"):
        EnterpriseMark.objects.create(
            enterprise=enterprise,
            kind=MarkKind.DISHONESTY,
            noted_at=cast.AT,
            noted_by="user:1",
            repaired_at=cast.AT,
        )


def test_a_companys_token_without_company(db: None) -> None:
    with broken("token_enterprise_given"):
        ApiToken.objects.create(
            name="x",
            user=cast.user(),
            role=Role.ENTERPRISE,
            digest="0" * 64,
            prefix="qt_",
            expires_at=cast.AT,
        )
