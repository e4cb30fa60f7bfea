"""A published catalogue is a dated version that nobody changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from qitong.accounts.actors import Actor
from qitong.catalogue import publish
from qitong.catalogue.models import CatalogueVersion, ItemVersion, Material, Step
from qitong.catalogue.queries import current_version, item, items
from qitong.catalogue.schema import Catalogue
from qitong.kernel.errors import Refused
from qitong.kernel.limits import SHANGHAI
from qitong.ledger.models import Entry
from tests.catalogue.test_data import packaged

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
BY = Actor.system("test")


def load(catalogue: Catalogue | None = None, *, on: dt.date | None = None) -> CatalogueVersion:
    return publish.load(catalogue or packaged(), by=BY, at=AT, effective_on=on)


def another(day: dt.date) -> Catalogue:
    return packaged().model_copy(update={"as_of": day})


def test_publishing_writes_every_item_material_and_step() -> None:
    version = load()
    assert version.effective_on == AT.date()
    assert version.published_by == "system:test"
    assert ItemVersion.objects.count() == 28
    assert Material.objects.count() == sum(len(i.materials) for i in packaged().items)
    assert Step.objects.count() == sum(len(i.steps) for i in packaged().items)
    row = ItemVersion.objects.get(code="joint_acceptance")
    assert (row.lead, row.co, row.promised_days) == ("zjw", ["gzj", "sthj", "swj"], 15)
    assert [s.key for s in row.steps.filter(kind="decision")] == ["decide"]
    assert row.spec.material("fire_report") is not None


def test_the_stored_item_reads_back_as_it_was_checked() -> None:
    load()
    for row, checked in zip(ItemVersion.objects.order_by("position"), packaged().items, strict=True):
        assert row.data == checked.canonical()


def test_the_same_content_is_the_same_version() -> None:
    first = load()
    entries = Entry.objects.filter(stream="catalogue").count()
    assert load() == first
    assert CatalogueVersion.objects.count() == 1
    assert Entry.objects.filter(stream="catalogue").count() == entries == 1


def test_a_change_is_a_new_version_from_its_day_on() -> None:
    old = load(on=dt.date(2026, 11, 1))
    new = load(another(dt.date(2026, 12, 1)), on=dt.date(2026, 12, 1))
    assert current_version(dt.date(2026, 10, 31)) is None
    assert current_version(dt.date(2026, 11, 30)) == old
    assert current_version(dt.date(2026, 12, 1)) == new
    assert items(dt.date(2026, 10, 31)).count() == 0
    before, after = item("seal_filing", dt.date(2026, 11, 30)), item("seal_filing", dt.date(2026, 12, 1))
    assert before is not None
    assert after is not None
    assert before.pk != after.pk


def test_a_silent_return_to_an_older_version_is_refused() -> None:
    load()
    load(another(dt.date(2026, 12, 1)))
    with pytest.raises(Refused) as refusal:
        load()
    assert refusal.value.code == "catalogue_superseded"
    assert CatalogueVersion.objects.count() == 2


@pytest.mark.parametrize("table", ["catalogueversion", "itemversion", "material", "step"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_was_published(table: str, deed: str) -> None:
    load()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE is refused for pending foreign keys
        with pytest.raises(DatabaseError, match="publish a new version"), transaction.atomic():
            cursor.execute(deed.format(f"catalogue_{table}"))


def test_an_item_has_one_decision_at_most() -> None:
    load()
    row = ItemVersion.objects.get(code="seal_filing")
    with pytest.raises(DatabaseError, match="step_one_decision_per_item"), transaction.atomic():
        Step.objects.create(
            item_version=row, key="x", kind="decision", department="ga", days=1, level=1, position=1
        )
