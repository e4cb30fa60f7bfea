"""Bring a backup back: looked through first, loaded in one transaction, then held against its manifest."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

from qitong.accounts.actors import Actor
from qitong.casework.queries import expected_streams
from qitong.ledger.record import record
from qitong.ledger.verify import Verdict, verify
from qitong.server import clients
from qitong.server.backups import contents, files, manifest
from qitong.server.backups.check import check
from qitong.server.backups.make import STREAM
from qitong.server.backups.manifest import Manifest, WrongError
from qitong.server.health import on_disk, unapplied
from qitong.server.migrating import apply

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# What an extension brought stays with the extension.
_OURS = """
SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) FROM (
    SELECT 1 AS turn, 'pg_class'::regclass AS class, oid,
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
        ELSE 'TABLE' END AS kind, oid::regclass::text AS name
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT 2, 'pg_proc'::regclass, oid, 'ROUTINE', oid::regprocedure::text
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 3, 'pg_type'::regclass, t.oid, 'TYPE', t.oid::regtype::text
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE typnamespace = 'public'::regnamespace AND (typtype IN ('e', 'd') OR c.relkind = 'c')
) AS things
WHERE NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.classid = things.class AND d.objid = things.oid AND d.deptype = 'e')
ORDER BY turn, name
"""
# Marks of a cluster that counted further would make followers of the ledger wait for ever: see
# docs/recipes/read-the-ledger.md. The table's owner may switch its triggers off, and only here does.
_AHEAD = "SELECT EXISTS (SELECT 1 FROM ledger_entry WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))"
_RESET = (
    "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
    "UPDATE ledger_entry SET xid = '0'",
    "ALTER TABLE ledger_entry ENABLE TRIGGER USER",
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back; ``migrated``: how many migrations this newer program applied to it."""

    backup: Manifest
    verdict: Verdict
    migrated: int


def restore(folder: Path, *, replace: bool = False, by: Actor, at: dt.datetime) -> Restored:
    """Load the backup into the database and the store in use, and verify both.

    The database must be empty, or ``replace`` given: then what is in it is lost. Nobody else may be
    connected. Raises WrongError at the first thing that is wrong; before the database is touched when
    it is the backup itself.
    """
    wanted = check(folder)
    _known_to_this_program(wanted)
    _clear(replace=replace)
    if wanted.with_files:
        files.bring_back(folder, wanted)
    _load(folder / manifest.DUMP)
    with closing(clients.connect()) as loaded:
        if wrong := contents.difference(contents.count(loaded), wanted.contents):
            raise WrongError(wrong)
    _follow_anew()
    migrated = len(unapplied())
    if migrated:
        apply()
    verdict = verify(expected=expected_streams(), root=wanted.contents.root or None)
    if verdict.first is not None:
        raise WrongError(f"ledger: {verdict.first.stream} entry {verdict.first.number}: {verdict.first.kind}")
    files.verify(folder, wanted)
    with transaction.atomic():
        body = {"dump": wanted.dump.sha256, "made_at": wanted.made_at, "entries": wanted.contents.entries}
        record(STREAM, "backup.restored", by=by.ref, at=at, body=body)
    return Restored(wanted, verdict, migrated)


def _known_to_this_program(wanted: Manifest) -> None:
    newer = {pair for pair in wanted.contents.migrations if pair[0] in _our_apps()} - on_disk()
    if newer:
        app, name = min(newer)
        raise WrongError(
            f"the backup is of a newer program ({wanted.program}): this one has no migration {app} {name}"
        )


def _our_apps() -> set[str]:
    return {app for app, _ in on_disk()}


def _clear(*, replace: bool) -> None:
    """Raises WrongError when something is there and may not be replaced, or somebody is connected."""
    connection.close()
    with closing(clients.connect()) as target, target.transaction():
        things = [drop for [drop] in target.execute(_OURS).fetchall()]
        if not things:
            return
        if not replace:
            raise WrongError(f"the database is not empty ({len(things)} objects); --replace would lose them")
        [others] = target.execute(_OTHERS).fetchone() or (0,)
        if others:
            raise WrongError(f"{others} others are connected to the database; stop web and workers first")
        for drop in things:
            target.execute(sql.SQL(drop))


def _load(dump: Path) -> None:
    """All or nothing. The schema ``public`` itself is always there already."""
    lines = clients.table_of_contents(dump).splitlines()
    with tempfile.NamedTemporaryFile("w", suffix=".list") as order:
        order.write("\n".join(line for line in lines if " SCHEMA - public " not in line))
        order.flush()
        clients.load(dump, f"--use-list={order.name}", "--no-owner", "--no-privileges", "--no-comments")
    with closing(clients.connect(autocommit=True)) as loaded:
        loaded.execute("ANALYZE")


def _follow_anew() -> None:
    with closing(clients.connect()) as loaded, loaded.transaction():
        [ahead] = loaded.execute(_AHEAD).fetchone() or (False,)
        for statement in _RESET if ahead else ():
            loaded.execute(statement.encode())
