from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from qitong.accounts.actors import Actor
from qitong.accounts.enterprises import register
from qitong.accounts.models import Department, Jurisdiction, Level, RoleAssignment, User
from qitong.accounts.people import NewPerson, open_account

CODE = "91110000600037341L"
PASSWORD = "Reed-bed-2026"


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


@pytest.fixture(autouse=True)
def only_the_surfaces(settings: Settings) -> None:
    settings.ROOT_URLCONF = "qitong.web.urls"


@pytest.fixture
def park(db: None) -> Jurisdiction:
    city = Jurisdiction.objects.create(code="C", name_zh="潮州市", name_en="Tide City", level=Level.CITY)
    return Jurisdiction.objects.create(
        code="P", name_zh="芦荡园区", name_en="Reed Park", level=Level.PARK, parent=city
    )


@pytest.fixture
def boss(park: Jurisdiction) -> User:
    """The administrator of an enterprise, login 13800000001."""
    return register(
        uscc=CODE,
        name="芦荡食品有限公司",
        jurisdiction=park,
        legal_representative="陈潮",
        address="芦荡路1号",
        phone="13800000001",
        contact=NewPerson(login="13800000001", name="陈潮", password=PASSWORD),
        by=Actor.visitor(),
        at=dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC),
    ).administrator


@pytest.fixture
def officer(park: Jurisdiction) -> User:
    """On duty at the window of the park."""
    window = Department.objects.create(
        code="W", name_zh="服务窗口", name_en="Window", jurisdiction=park, is_window=True
    )
    user = open_account(NewPerson(login="13900000001", name="林窗", password=PASSWORD))
    RoleAssignment.objects.create(
        user=user, role="duty_officer", department=window, from_on=dt.date(2026, 1, 1)
    )
    return user
