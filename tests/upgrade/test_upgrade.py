"""A database of the release before, with data in it, becomes one of this release and goes on working."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case, Task
from qitong.casework.queries import expected_streams
from qitong.datashare.models import Document
from qitong.demo.stage import Stage
from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.verify import verify
from qitong.server.backups.restore import Restored, restore
from qitong.server.health import on_disk, unapplied
from tests.server.backups.databases import database, using
from tests.upgrade.keep import CLERK, KEY
from tests.world import cast

KEPT = Path(__file__).parent / "previous"
AT = dt.datetime(2026, 3, 4, 9, 30, tzinfo=ZONE)
BY = Actor.system("test")


@pytest.fixture(scope="module")
def upgraded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Restored]:
    """The kept backup, restored by this program, which also applies what came since."""
    files = tmp_path_factory.mktemp("upgraded")
    with (
        django_db_blocker.unblock(),
        database("upgraded") as name,
        using(name),
        override_settings(LEDGER_KEY=KEY, FILES_DIR=files),
    ):
        yield restore(KEPT, by=BY, at=AT)


def test_what_came_since_is_applied(upgraded: Restored) -> None:
    came = on_disk() - set(upgraded.backup.contents.migrations)
    assert upgraded.migrated == len(came)
    assert unapplied() == frozenset()


def test_the_data_are_there(upgraded: Restored) -> None:
    states = Case.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["submitted", "closed", "in_review"]
    assert Document.objects.count() == upgraded.backup.contents.tables["datashare_document"] > 0
    assert Task.objects.filter(case__state="in_review").exists()


def test_the_ledger_is_whole_and_its_old_checkpoint_is_still_there(upgraded: Restored) -> None:
    assert upgraded.verdict.whole
    assert verify(expected=expected_streams(), root=upgraded.backup.contents.root).whole


def test_work_goes_on(upgraded: Restored) -> None:
    stage = Stage(cast(), AT)
    waiting = Case.objects.get(state="submitted")
    stage.accept(waiting)
    asked = stage.request("91310151MA1JK0001T", CLERK, "又一件诉求", "请答复。")
    stage.submit(asked, CLERK)
    checkpoint(by=BY.ref, at=stage.at)
    assert verify(expected=expected_streams()).whole
    assert Case.objects.get(pk=asked.pk).state == "submitted"
