"""What companies declared unsuitable is carried over into the one table for it, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from qitong.policies.logic.package import Thing
from qitong.policies.models import Unsuitable
from tests.policies.desk import AT, new_company
from tests.server.backups.databases import database, using

TWO, ONE = ("policies", "0010_registered"), ("policies", "0011_one_table_of_what_does_not_suit")


@pytest.fixture
def a_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), database("unsuitable", migrated=True) as name, using(name):
        yield


def moved(to: tuple[str, str], *models: str) -> list[Any]:
    """The database goes to this migration; the managers of these models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate([to])
    then = executor.loader.project_state([to]).apps
    return [then.get_model("policies", name)._default_manager for name in models]


def told() -> list[tuple[Any, ...]]:
    columns = ("thing", "code", "reason", "note", "declared_at", "taken_back_at")
    return list(Unsuitable.objects.order_by("thing", "code", "declared_at").values_list(*columns))


@pytest.mark.usefixtures("a_database")
def test_both_tables_become_one_and_can_be_two_again() -> None:
    made = new_company(1)
    declared: dict[str, Any] = {"enterprise_id": made.enterprise.pk, "declared_by_id": made.administrator.pk}
    declared |= {"declared_at": AT, "reason": "other"}
    policies, items = moved(TWO, "Unsuitable", "UnsuitableItem")
    policies.create(**declared, policy="hi_tech_enterprise", note="明年再说")
    back = {"taken_back_at": AT, "taken_back_by_id": made.administrator.pk}
    items.create(**declared, item="pv_grid_connection", note="屋顶是租的", **back)
    items.create(**declared, item="pv_grid_connection", note="还是租的")
    moved(ONE)
    expected = [
        ("item", "pv_grid_connection", "other", "屋顶是租的", AT, AT),
        ("item", "pv_grid_connection", "other", "还是租的", AT, None),
        ("policy", "hi_tech_enterprise", "other", "明年再说", AT, None),
    ]
    assert sorted(told(), key=str) == sorted(expected, key=str)
    policies, items = moved(TWO, "Unsuitable", "UnsuitableItem")
    assert (policies.get().policy, items.count()) == ("hi_tech_enterprise", 2)


@pytest.mark.django_db
def test_it_is_about_one_thing_that_is_known_and_stands_once() -> None:
    made = new_company(1)
    row = {"enterprise": made.enterprise, "reason": "no_need", "declared_at": AT}
    row |= {"declared_by": made.administrator}
    Unsuitable.objects.create(**row, thing=Thing.POLICY, code="land_use")
    Unsuitable.objects.create(**row, thing=Thing.ITEM, code="land_use")  # one may be called as the other
    for thing, code in (("policy", "land_use"), ("loan", "land_use"), ("item", "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unsuitable.objects.create(**row, thing=thing, code=code)
