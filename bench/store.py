"""The databases that are measured: made once, kept under ``var/bench``, used again while they are fresh.

One of prototypes, and one for each size that is a copy of it, multiplied. Its name says the program's
migrations and the loader it was made with; after a change of either the old one is dropped.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parent.parent
os.environ.setdefault("QITONG_DATA", str(ROOT / "var" / "bench"))

FRESH = dt.timedelta(days=30)
"""Older, too much of what was open would be overdue."""
PREFIX = "bench_"
EVERYDAY, SWEEP = "everyday", "sweep"
DUE = 10_000
"""So many cases are due where the sweep is measured (a tenth of all, in a small database)."""


def use(cases: int, mix: str = EVERYDAY) -> dt.datetime:
    """Make Django use the database with so many cases, filling it if need be; returns its moment.

    Call it before anything else of the program is imported.
    """
    from qitong.cli import use_django
    from qitong.server.database import database_url

    os.environ["DATABASE_URL"] = database_url()
    use_django()
    with _one_at_a_time(), psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        _drop_old(server)
        _at(server, f"{PREFIX}{_made_with()}_played", None, lambda name: _play(server, name))
        name = f"{PREFIX}{_made_with()}_{mix}_{cases}"
        at = _at(server, name, f"{PREFIX}{_made_with()}_played", lambda made: _load(server, made, cases, mix))
    switch(name)
    return at


def use_made(what: str, fill: Callable[[str], dt.datetime]) -> dt.datetime:
    """The same for a database that ``fill`` makes from nothing; ``what`` ends with how large it is."""
    from qitong.cli import use_django
    from qitong.server.database import database_url

    os.environ["DATABASE_URL"] = database_url()
    use_django()
    name = f"{PREFIX}{_made_with()}_{what}"
    with _one_at_a_time(), psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        _drop_old(server)

        def hurried(half: str) -> dt.datetime:
            _hurry(server, "8GB", "off")
            try:
                return fill(half)
            finally:
                _hurry(server, "", "")

        at = _at(server, name, None, hurried)
    switch(name)
    return at


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with Path(os.environ["QITONG_DATA"], "bench.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def switch(name: str) -> None:
    """Django's connection, and the processes to come, to this database."""
    from django.db import connection
    from psycopg.conninfo import conninfo_to_dict

    known = conninfo_to_dict(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = f"postgresql://{known['user']}:@/{name}?host={known['host']}"
    connection.close()
    connection.settings_dict["NAME"] = name


def copied(name: str) -> str:
    """A copy of the database in use, to be changed and dropped; returns its name."""
    from django.db import connection

    source = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(
        os.environ["DATABASE_URL"].replace(f"/{source}?", "/postgres?"), autocommit=True
    ) as s:
        s.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        s.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'.encode())
    switch(name)
    return name


def drop(name: str) -> None:
    from django.db import connection

    connection.close()
    with psycopg.connect(os.environ["DATABASE_URL"].replace(f"/{name}?", "/postgres?"), autocommit=True) as s:
        s.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _made_with() -> str:
    """Changes whenever a migration or the loader does."""
    found = hashlib.sha256()
    for file in sorted(
        [*(ROOT / "src/qitong").glob("*/migrations/*.py"), *(ROOT / "bench/loader").glob("*.py")]
    ):
        found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return found.hexdigest()[:10]


def _drop_old(server: psycopg.Connection[Any]) -> None:
    rows = server.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE starts_with(datname, %s)",
        [PREFIX],
    ).fetchall()
    for name, said in rows:
        fresh = said and dt.datetime.now(dt.UTC) - _moment(said) < FRESH
        if not name.startswith(PREFIX + _made_with()) or not fresh:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _at(
    server: psycopg.Connection[Any], name: str, template: str | None, fill: Callable[[str], dt.datetime]
) -> dt.datetime:
    """The moment of the database ``name``, which is there and whole afterwards."""
    row = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if row:
        return _moment(row[0])
    half, begun = f"{name}_half", time.perf_counter()
    server.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)'.encode())
    server.execute((f'CREATE DATABASE "{half}"' + (f' TEMPLATE "{template}"' if template else "")).encode())
    sys.stderr.write(f"{name}:\n")
    switch(half)
    at = fill(half)
    from django.db import connection

    connection.close()
    seconds = round(time.perf_counter() - begun)
    server.execute(f"COMMENT ON DATABASE \"{half}\" IS '{at.isoformat()} {seconds}'".encode())
    server.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"'.encode())
    sys.stderr.write(f"  made in {seconds} s\n")
    return at


def _moment(said: str) -> dt.datetime:
    """What is said of a database: its moment, and in how many seconds it was made."""
    return dt.datetime.fromisoformat(said.split(maxsplit=1)[0])


def made_in() -> list[tuple[str, int, int]]:
    """The databases there are: what is in them, how many cases, and in how many seconds they were made."""
    with psycopg.connect(_server_url(), autocommit=True) as server:
        rows = server.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname ~ '^bench_[0-9a-f]+_[a-z]+_[0-9]+$' ORDER BY datname"
        ).fetchall()
    found = []
    for name, said in rows:
        *_, mix, cases = name.split("_")
        found.append((mix, int(cases), int(said.split()[1])))
    return sorted(found, key=lambda row: (row[0], row[1]))


def _server_url() -> str:
    from qitong.server.database import database_url

    return database_url()


def _play(server: psycopg.Connection[Any], name: str) -> dt.datetime:
    from django.core.management import call_command
    from django.db import connection

    from bench.loader.prototypes import play

    call_command("migrate", verbosity=0, interactive=False)
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    played = play(at)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_played AS SELECT %s::jsonb AS cases, %s::jsonb AS owners",
                       [json.dumps(played.cases), json.dumps(played.owners)])  # fmt: skip
    return at


def _load(server: psycopg.Connection[Any], name: str, cases: int, mix: str) -> dt.datetime:
    from django.db import connection

    from bench.loader.load import due_and_open, load
    from bench.loader.prototypes import Played

    (said,) = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        [f"{PREFIX}{_made_with()}_played"],
    ).fetchone() or ("",)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases, owners FROM bench_played")
        made, owners = (json.loads(v) if isinstance(v, str) else v for v in cursor.fetchone())
    played = Played(_moment(said), made, [(pk, name) for pk, name in owners])
    weights = (
        due_and_open(played, next_morning(played.at), cases, min(DUE, cases // 10)) if mix == SWEEP else None
    )
    _hurry(server, "8GB", "off")
    try:
        # The sweep looks for no words, and they take longest.
        load(played, cases, weights=weights, dsn=os.environ["DATABASE_URL"], words=mix != SWEEP)
    finally:
        _hurry(server, "", "")
    return played.at


def _hurry(server: psycopg.Connection[Any], wal: str, commit: str) -> None:
    """While it is filled, and never while it is measured: fewer checkpoints, no vacuum but the last.

    What would be lost in a power cut is made again; the checkpoint at the end writes all of it.
    """
    off = ("synchronous_commit", "autovacuum", "full_page_writes")
    for name, value in (("max_wal_size", wal), *((name, commit) for name in off)):
        server.execute(f"ALTER SYSTEM {f'SET {name} = {value!r}' if value else f'RESET {name}'}".encode())
    server.execute("SELECT pg_reload_conf()")
    if not wal:
        server.execute("CHECKPOINT")


def next_morning(at: dt.datetime) -> dt.datetime:
    """When what is due on the next working day has its alarm."""
    from qitong.casework.logic.clock import ZONE, day_of
    from qitong.catalogue.calendar import current

    return dt.datetime.combine(current().add(day_of(at), 1), dt.time(9, 30), ZONE)


def sizes() -> list[int]:
    """``BENCH_SIZES=10000,1000000``"""
    return [int(n) for n in os.environ.get("BENCH_SIZES", "10000,1000000").split(",")]
