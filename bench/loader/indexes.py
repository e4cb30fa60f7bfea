"""Indexes that serve only reading are built after the rows are in: quicker, and as tight as can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_FIND = """
SELECT c.relname, pg_get_indexdef(i.indexrelid),
       array(SELECT format('ALTER INDEX %%I ALTER COLUMN %%s SET STATISTICS %%s',
                           c.relname, attnum, attstattarget)
             FROM pg_attribute WHERE attrelid = i.indexrelid AND attstattarget IS NOT NULL)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND NOT i.indisunique AND NOT i.indisexclusion
ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    statements: tuple[str, ...]


def take_away(cursor: Any, tables: Iterable[str]) -> list[Index]:
    """Drop them; returns how to make them again."""
    taken = []
    for table in tables:
        cursor.execute(_FIND, [table])
        for name, definition, more in cursor.fetchall():
            taken.append(Index(name, (definition, *more)))
    for index in taken:
        cursor.execute(f'DROP INDEX "{index.name}"')
    return taken
