"""One PostgreSQL of the tests' own for all runs; a database of its own for each pytest process.

Migrations are applied once to a template, named by what they contain, and copied; so the second run,
and each worker of ``-n``, starts in a second. What dead runs left behind is dropped by the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings
from tools.messages import LOCALE, compile_all

from tests.emptying import empty

# Before the first connection: tests never touch the data under var/.
os.environ.setdefault("QITONG_DATA", str(Path(__file__).parent.parent / "var" / "test"))

# What commands say is compared in Chinese, whatever the terminal of whoever runs the tests.
os.environ["QITONG_LANG"] = "zh"

# A busy machine is no fault of what is tried: how fast things are is for the benches to say.
# Else it stays as Hypothesis sets it itself: in a pipeline the same examples each time.
hypothesis_settings.register_profile(
    "untimed",
    hypothesis_settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("untimed")

_FAST = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")
_PREFIX = "qitong_template_"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What alone takes a minute is begun first: nobody waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str, django_db_blocker: DjangoDbBlocker) -> None:
    """Two runs side by side must not share a database."""
    from django.conf import settings

    # The settings were read before this file: what they took from the environment is set again.
    settings.FILES_DIR = Path(os.environ["QITONG_DATA"]).resolve() / "files"
    # A strong one takes a second for the people of the cast.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    default: Any = settings.DATABASES["default"]
    default["CONN_MAX_AGE"] = 0  # a worker run inside a test leaves no thread holding a connection
    test = default.setdefault("TEST", {})
    test["NAME"] = f"test_qitong_{os.getpid()}_{worker_id}"
    with django_db_blocker.unblock():
        test["TEMPLATE"] = _template()


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_what_was_written() -> Iterator[None]:
    """After a test whose rows were really committed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: empty())
        yield


@pytest.fixture(scope="session")
def pages() -> Iterator[None]:
    """Pages in English need the compiled texts; style sheets come from the packages, nothing is collected."""
    compile_all(LOCALE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.STATIC_ROOT", None)
        yield


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """A store of the test's own."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def _nobody_is_away(settings: Settings) -> None:
    """Stories play days between two clicks. Who is silent too long: tests/web_common/test_idle.py."""
    settings.IDLE_MINUTES_OFFICERS = settings.IDLE_MINUTES_COMPANIES = 60 * 24 * 365


@pytest.fixture(autouse=True)
def _chinese_to_begin_with() -> None:
    """A page that was asked for in English leaves its thread in English: no test hears of another's."""
    translation.deactivate()


def _template() -> str:
    """The name of a database with every migration applied."""
    from qitong.server.database import data_dir, is_embedded

    name = _PREFIX + _fingerprint()
    with _one_at_a_time(data_dir()), _server() as server:
        if is_embedded():
            _make_fast(server)
        _drop_what_the_dead_left(server, keep=name)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _build(server, name)
    return name


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    from qitong.server.database import database_url

    with psycopg.connect(database_url(), autocommit=True) as server:
        yield server


def _make_fast(server: psycopg.Connection[Any]) -> None:
    """A test cluster that loses its data in a power cut has lost nothing."""
    if server.execute("SHOW fsync").fetchone() != ("off",):
        for setting in _FAST:
            server.execute(f"ALTER SYSTEM SET {setting}".encode())
        server.execute("SELECT pg_reload_conf()")


def _fingerprint() -> str:
    """Changes whenever any migration does."""
    from django.apps import apps

    found = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            found.update(f"{app.label}/{file.name}".encode() + file.read_bytes())
    return found.hexdigest()[:16]


def _build(server: psycopg.Connection[Any], name: str) -> None:
    """Migrate under another name first: a template that exists is complete."""
    from django.core.management import call_command
    from django.db import connection

    half = f"{name}_half"
    server.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)'.encode())
    server.execute(f'CREATE DATABASE "{half}"'.encode())
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = half
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    server.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"'.encode())


def _drop_what_the_dead_left(server: psycopg.Connection[Any], *, keep: str) -> None:
    """Databases of test processes that are no more, and templates nobody made or used this hour."""
    rows = server.execute(
        "SELECT datname, (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification"
        " < now() - interval '1 hour' FROM pg_database WHERE datname ~ '^(test_)?qitong_'"
    ).fetchall()
    for name, old in rows:
        number = name.removeprefix("test_qitong_").partition("_")[0]
        is_run = name.startswith("test_qitong_") and number.isdigit()
        dead = not Path("/proc", number).exists() if is_run and Path("/proc/self").exists() else old
        if dead and name != keep:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
