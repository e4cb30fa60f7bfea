"""Copies the rows of prototypes, table by table, each in one statement.

Which tables belong to a case, and how they hang together, is read from the foreign keys of the
database: a table that is added tomorrow is copied tomorrow. A copy's ids are reckoned from its place
(first id of the table + place × room + ordinal), so no statement has to look for what another made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from bench.loader.chains import Ids

CASE, ENTRY, TEXT = "casework_case", "ledger_entry", "ledger_text"
NOT_COPIED = frozenset({"automation_stale", "casework_batchline", "casework_casetext"})
"""What is waiting or is another's; and search, whose words the copies have for themselves."""
TEXT_ID = (
    "(lpad(to_hex(b.id), 8, '0') || '-' || lpad(to_hex({ordinal}), 4, '0')"
    " || '-4000-8000-000000000000')::uuid"
)

PLAN = """
CREATE UNLOGGED TABLE bench_plan (
  place bigint, id bigint, prototype bigint, company bigint, number text, contact text, phone text,
  owner bigint, was_owner bigint, was_number text, title text, description text, opinion text,
  fingerprint text, late interval)
"""

OWN = {
    # what is each copy's own: (table, column): the value; s is the prototype's row, b the plan
    (CASE, "number"): "CASE WHEN s.number IS NOT NULL THEN b.number END",
    (CASE, "title"): "CASE WHEN s.item_version_id IS NULL THEN b.title ELSE s.title END",
    (CASE, "fingerprint"): "CASE WHEN s.fingerprint <> '' THEN b.fingerprint ELSE '' END",
    (CASE, "form"): """s.form
      || CASE WHEN s.form ? 'contact_name' THEN jsonb_build_object('contact_name', b.contact) ELSE '{}' END
      || CASE WHEN s.form ? 'contact_phone' THEN jsonb_build_object('contact_phone', b.phone) ELSE '{}' END
      || CASE WHEN s.form ? 'title' THEN jsonb_build_object('title', b.title) ELSE '{}' END
      || CASE WHEN s.form ? 'description'
         THEN jsonb_build_object('description', b.description) ELSE '{}' END""",
    ("casework_task", "opinion"): "CASE WHEN s.opinion = {opinion} THEN b.opinion ELSE s.opinion END",
    ("casework_certificate", "number"): "replace(s.number, b.was_number, b.number)",
    ("notifications_message", "dedupe"): "s.dedupe || ':' || b.id",
}
NOT_LATE = frozenset({"next_alarm_at"})


@dataclass(slots=True)
class Table:
    """A table of which each case has rows. ``parents``: its columns that point to such tables."""

    name: str
    columns: dict[str, str]
    parents: dict[str, str]
    people: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    ids: Ids = field(default_factory=lambda: Ids(0, 0))
    rows: int = 0

    @property
    def source(self) -> str:
        return f"bench_{self.name}"


def tables(cursor: Any) -> dict[str, Table]:
    """All that hangs on a case, parents first."""
    cursor.execute(
        "SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text FROM pg_constraint k"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
        " WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 ORDER BY 1, 2"
    )
    links = [link for link in cursor.fetchall() if link[0] not in NOT_COPIED]
    inside = {CASE, ENTRY}
    while more := {child for child, _, parent in links if parent in inside} - inside:
        inside |= more
    found: dict[str, Table] = {}
    waiting = sorted(inside)
    while waiting:
        for name in waiting:
            parents = {c: p for child, c, p in links if child == name and p in inside and p != name}
            if all(parent in found for parent in parents.values()):
                found[name] = _table(cursor, name, parents, links)
        waiting = [name for name in waiting if name not in found]
    return found


def _table(cursor: Any, name: str, parents: dict[str, str], links: Iterable[tuple[str, str, str]]) -> Table:
    cursor.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [name],
    )
    return Table(
        name,
        dict(cursor.fetchall()),
        parents,
        frozenset(c for child, c, parent in links if (child, parent) == (name, "accounts_user")),
        frozenset(c for child, c, parent in links if (child, parent) == (name, "accounts_enterprise")),
    )


def gather(cursor: Any, found: Mapping[str, Table]) -> None:
    """The rows of all prototypes, each with its case and its ordinal in it, into tables of their own.

    They stay until :func:`forget`; ``ids`` and ``rows`` of each table are known afterwards.
    """
    for table in found.values():
        owner = _owner(table)
        joins, extra = [], []
        for n, (column, parent) in enumerate(table.parents.items()):
            if parent != CASE:
                joins.append(f"LEFT JOIN {found[parent].source} p{n} ON p{n}.id = t.{column}")
                extra.append(f", p{n}.bench_ordinal AS bench_{column}")
        rows = (
            f"SELECT t.*, {owner} AS bench_case{''.join(extra)}"  # noqa: S608  our own names
            f" FROM {table.name} t {' '.join(joins)}"
        )
        cursor.execute(
            f"CREATE UNLOGGED TABLE {table.source} AS SELECT *, (row_number() OVER"  # noqa: S608  our own names
            f" (PARTITION BY bench_case ORDER BY {_order(table)}) - 1)::int AS bench_ordinal"
            f" FROM ({rows}) t WHERE bench_case IS NOT NULL"
        )
        cursor.execute(f"ANALYZE {table.source}")
        room = _most(cursor, "bench_ordinal", table.source)
        counted = table.columns.get("id") == "bigint"
        table.ids = Ids(_most(cursor, "id", table.name) if counted else 0, room)
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.source)))
        (table.rows,) = cursor.fetchone()


def forget(cursor: Any, found: Mapping[str, Table]) -> None:
    for name in ("bench_plan", *(table.source for table in found.values())):
        cursor.execute(f"DROP TABLE {name}")


def _most(cursor: Any, column: str, table: str) -> int:
    """One more than the highest there is."""
    highest = sql.SQL("SELECT coalesce(max({}), 0) + 1 FROM {}")
    cursor.execute(highest.format(sql.Identifier(column), sql.Identifier(table)))
    return int(cursor.fetchone()[0])


def _owner(table: Table) -> str:
    """The case a row belongs to."""
    if table.name == CASE:
        return "t.id"
    if table.name == ENTRY:
        return "CASE WHEN t.stream LIKE 'case:%' THEN substr(t.stream, 6)::bigint END"
    for n, (column, parent) in enumerate(table.parents.items()):
        if parent == CASE:
            return f"t.{column}"
        if parent != TEXT:
            return f"p{n}.bench_case"
    raise LookupError(f"{table.name} belongs to no case")


def _order(table: Table) -> str:
    """Of a table whose key is its case there is but one row each."""
    own = "id" if "id" in table.columns else "bench_case"
    return {ENTRY: "number", TEXT: "entry_id, name"}.get(table.name, own)


def statement(table: Table, found: Mapping[str, Table]) -> str:
    """All copies of a table's rows; the plan is read in its order, so they lie in it too."""
    values = [_value(table, column, found) for column in table.columns]
    columns = ", ".join(f'"{column}"' for column in table.columns)
    return (
        f"INSERT INTO {table.name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values)}"  # noqa: S608  names of our own tables
        f" FROM bench_plan b JOIN {table.source} s ON s.bench_case = b.prototype"
    )


def _value(table: Table, column: str, found: Mapping[str, Table]) -> str:
    """What a column of a copy holds, in SQL."""
    if (table.name, column) in OWN:
        return OWN[table.name, column]
    if column == "id":
        return _own_id(table)
    if column in table.parents:
        return _parent(column, found[table.parents[column]])
    if column in table.people:
        return f"CASE WHEN s.{column} = b.was_owner THEN b.owner ELSE s.{column} END"
    if column in table.companies:
        return "b.company"
    return _plain(column, table.columns[column])


def _parent(column: str, parent: Table) -> str:
    if parent.name == CASE:
        return "b.id"
    made = f"{parent.ids.first} + b.place * {parent.ids.room} + s.bench_{column}"
    if parent.name == TEXT:
        made = TEXT_ID.format(ordinal=f"s.bench_{column}")
    return f"CASE WHEN s.{column} IS NOT NULL THEN {made} END"


def _plain(column: str, kind: str) -> str:
    if kind == "uuid":
        return f"md5(s.{column}::text || b.id)::uuid"
    if kind == "timestamp with time zone" and column not in NOT_LATE:
        return f's."{column}" + b.late'
    return f's."{column}"'


def _own_id(table: Table) -> str:
    if table.name == CASE:
        return "b.id"
    if table.name == TEXT:
        return TEXT_ID.format(ordinal="s.bench_ordinal")
    return f"{table.ids.first} + b.place * {table.ids.room} + s.bench_ordinal"
