from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Jurisdiction, Level, RoleAssignment, User
from qitong.server import checks

ON = dt.date(2026, 11, 23)


@pytest.fixture
def window(db: None) -> Department:
    city = Jurisdiction.objects.create(code="x1", name_zh="某市", name_en="Town", level=Level.CITY)
    return Department.objects.create(
        code="xwin", name_zh="综合窗口", name_en="Window", jurisdiction=city, is_window=True
    )


def test_a_window_with_nobody_in_it_is_red(window: Department) -> None:
    Department.objects.exclude(pk=window.pk).update(is_window=False)
    found = checks.windows(ON)
    assert not found.ok
    assert "xwin" in found.detail


def test_a_window_with_somebody_who_receives_is_well(window: Department) -> None:
    Department.objects.exclude(pk=window.pk).update(is_window=False)
    officer = User.objects.create(login="w@example.cn", name="王芳")
    RoleAssignment.objects.create(user=officer, role=Role.SERVICE_OFFICER, department=window, from_on=ON)
    assert checks.windows(ON).ok
    assert not checks.windows(ON - dt.timedelta(days=1)).ok, "not before the role begins"


def test_without_any_window_nobody_can_submit(db: None) -> None:
    Department.objects.update(is_window=False)
    assert not checks.windows(ON).ok


def test_an_empty_catalogue_is_red(db: None) -> None:
    assert not checks.catalogue(dt.date(1990, 1, 1)).ok


def test_what_is_not_configured_in_production_is_named(settings: Settings) -> None:
    settings.PRODUCTION, settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = True, [""], ["https://a.cn"]
    found = checks.configuration()
    assert (found.ok, "QITONG_HOSTS" in found.detail, "QITONG_ORIGINS" in found.detail) == (
        False,
        True,
        False,
    )


def test_checks_run_in_order_and_all_when_the_database_is_well(db: None) -> None:
    names = [finding.name for finding in checks.findings(ON)]
    assert names == [
        "configuration",
        "database",
        "migrations",
        "catalogue",
        "windows",
        "channels",
        "background",
    ]
