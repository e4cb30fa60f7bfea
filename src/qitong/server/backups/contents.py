"""What a database holds at one moment, counted, so that two can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname COLLATE "C"
"""
_HEADS = 'SELECT stream, number, hash FROM ledger_head ORDER BY stream COLLATE "C"'
_ROOT = "SELECT number, root FROM ledger_checkpoint ORDER BY number DESC LIMIT 1"
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True, slots=True)
class Contents:
    """``tables``: rows by table. ``heads``: a SHA-256 over the end of every ledger stream. ``root``: that of
    the last checkpoint, empty before the first."""

    postgres: int
    migrations: tuple[tuple[str, str], ...]
    tables: dict[str, int]
    streams: int
    entries: int
    heads: str
    root: str

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Contents:
        """As read from JSON."""
        return cls(**facts | {"migrations": tuple((app, name) for app, name in facts["migrations"])})


def count(connection: Connection) -> Contents:
    """Read within the caller's transaction; every table is counted, every head is read."""
    tables = {}
    for [name] in connection.execute(_TABLES).fetchall():
        rows = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        tables[name] = int((rows.fetchone() or (0,))[0])
    digest, streams, entries = hashlib.sha256(), 0, 0
    with connection.cursor(name="heads") as heads:
        heads.itersize = 5000
        for stream, number, head in heads.execute(_HEADS):
            digest.update(f"{stream} {number} {head}\n".encode())
            streams, entries = streams + 1, entries + number
    last = connection.execute(_ROOT).fetchone()
    return Contents(
        postgres=connection.info.server_version,
        migrations=tuple((app, name) for app, name in connection.execute(_MIGRATIONS).fetchall()),
        tables=tables,
        streams=streams,
        entries=entries,
        heads=digest.hexdigest(),
        root=last[1] if last else "",
    )


def difference(found: Contents, wanted: Contents) -> str:
    """The first place where they differ, in words; empty when there is none. The server's version may."""
    for table in sorted(found.tables.keys() | wanted.tables.keys()):
        here, there = found.tables.get(table), wanted.tables.get(table)
        if here != there:
            return f"table {table}: {here} rows, the backup says {there}"
    if found.migrations != wanted.migrations:
        return f"migrations: {set(found.migrations) ^ set(wanted.migrations)} differ"
    if (found.streams, found.entries, found.heads) != (wanted.streams, wanted.entries, wanted.heads):
        return f"ledger: {found.streams} streams, {found.entries} entries end otherwise than the backup says"
    if found.root != wanted.root:
        return "ledger: the last checkpoint has another root than the backup says"
    return ""
