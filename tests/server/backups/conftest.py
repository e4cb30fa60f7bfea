from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import ZONE
from qitong.ledger.checkpoint import checkpoint
from qitong.server.backups.make import back_up
from tests.server.backups.databases import database, using
from tests.world import play

AT = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
BY = Actor.system("test")
COMPANY, CLERK = "91310151MA1JK0001T", "13800000001"


@dataclass(frozen=True)
class Kept:
    """A backup, and the database and the store it was made of."""

    folder: Path
    database: str
    store: Path


@pytest.fixture(scope="session")
def source(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    """A database with a case, its files and a checkpoint, and a backup of it: made once a process."""
    folder = tmp_path_factory.mktemp("kept")
    with (
        django_db_blocker.unblock(),
        database("kept", migrated=True) as name,
        override_settings(FILES_DIR=folder / "store"),
    ):
        with using(name):
            stage = play(AT)
            stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
            checkpoint(by=BY.ref, at=AT)
            back_up(folder / "backup", by=BY, at=AT)
        yield Kept(folder / "backup", name, folder / "store")


@pytest.fixture
def kept(source: Kept) -> Path:
    """The backup; copy it before harming it."""
    return source.folder


@pytest.fixture
def alive(source: Kept, django_db_blocker: DjangoDbBlocker) -> Iterator[Kept]:
    """The database and the store of the backup in use."""
    with (
        django_db_blocker.unblock(),
        using(source.database),
        override_settings(FILES_DIR=source.store),
    ):
        yield source


@pytest.fixture
def harmed(kept: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be harmed."""
    return Path(shutil.copytree(kept, tmp_path / "harmed"))


@pytest.fixture
def empty(kept: Path, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Path]:
    """An empty database in use, and an empty store at the returned path."""
    store = tmp_path / "store"
    with (
        django_db_blocker.unblock(),
        database("empty") as name,
        using(name),
        override_settings(FILES_DIR=store),
    ):
        yield store
