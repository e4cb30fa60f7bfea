"""Databases that hold the facts and run what :mod:`on_ibis` writes: PostgreSQL, embedded ClickHouse."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import polars as pl

from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies.engines.columns import ID
from qitong.policies.engines.on_ibis import named
from qitong.policies.engines.plan import Is

TABLE = "qitong_facts"
_BEARABLE = "query_plan_merge_expressions = 0, max_query_size = 16777216"
"""Merged, what one level shares is written out wherever the next one uses it, and so on: a deep rule never
ends."""
_POSTGRES = {Is.NUMBER: "bigint", Is.TRUTH: "boolean", Is.DAY: "date", Is.CODE: "text"}


class Database(Protocol):
    """Where facts lie in a table of the session's own, gone afterwards."""

    dialect: str

    def load(self, frame: pl.DataFrame, wanted: Mapping[str, Is]) -> None: ...

    def ask(self, sql: str, schema: Mapping[str, Any]) -> pl.DataFrame: ...


class Postgres:
    """Over one connection of psycopg; the table is temporary."""

    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def load(self, frame: pl.DataFrame, wanted: Mapping[str, Is]) -> None:
        names = named(wanted)
        columns = [f'"{ID}" bigint', *(f"{names[c]} {_POSTGRES[kind]}" for c, kind in wanted.items())]
        with self._connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
            cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} ({', '.join(columns)})")
            with cursor.copy(f"COPY {TABLE} FROM STDIN (FORMAT csv)") as copy:
                for part in frame.select(ID, *wanted).iter_slices(100_000):
                    copy.write(part.write_csv(include_header=False).encode())
            cursor.execute(f"ANALYZE {TABLE}")

    def ask(self, sql: str, schema: Mapping[str, Any]) -> pl.DataFrame:
        answer = BytesIO()
        with (
            self._connection.cursor() as cursor,
            cursor.copy(
                # names of ours, and the text that Ibis wrote
                f"COPY (SELECT {', '.join(map(_quoted, schema))} FROM ({sql}) q) TO STDOUT (FORMAT csv)"  # noqa: S608
            ) as copy,
        ):
            for data in copy:
                answer.write(data)
        if not answer.tell():
            return pl.DataFrame(schema=dict(schema))
        answer.seek(0)
        texts = {name: pl.String() if kind == pl.Boolean else kind for name, kind in schema.items()}
        found = pl.read_csv(answer, has_header=False, schema=texts)
        truths = [name for name, kind in schema.items() if kind == pl.Boolean]
        return found.with_columns(pl.col(name) == "t" for name in truths)


class ClickHouse:
    """ClickHouse's own library within this process (the extra ``clickhouse``)."""

    dialect = "clickhouse"

    def __init__(self, session: Any, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def load(self, frame: pl.DataFrame, wanted: Mapping[str, Is]) -> None:
        file = self._folder / "facts.parquet"
        frame.select(ID, *wanted).rename(named(wanted)).write_parquet(file, compression="lz4")
        self._session.query(f"DROP TABLE IF EXISTS {TABLE}")
        self._session.query(
            f"CREATE TABLE {TABLE} ENGINE = Memory AS SELECT * FROM file('{file}', 'Parquet')"  # noqa: S608
            " SETTINGS schema_inference_make_columns_nullable = 1"
        )
        file.unlink()

    def ask(self, sql: str, schema: Mapping[str, Any]) -> pl.DataFrame:
        data = self._session.query(sql, "ArrowStream").bytes()
        if not data:
            return pl.DataFrame(schema=dict(schema))
        found = pl.read_ipc_stream(BytesIO(data))
        return found.select(pl.col(name).cast(kind) for name, kind in schema.items())


@contextmanager
def clickhouse() -> Iterator[ClickHouse]:
    """A session with a database of its own, gone afterwards; Refused when the extra is not installed.

    All sessions of a process share one server, which has one place: a second place is refused while the first
    is in use, so none is named and each session keeps to its own database.
    """
    try:
        from chdb import session as chdb
    except ImportError:
        raise Refused(
            say("尚未安装 chdb：请先运行 pip install '{extra}'。", extra="qitong[clickhouse]"), code="engine"
        ) from None
    with tempfile.TemporaryDirectory(prefix="qitong-clickhouse-") as folder:
        made: Any = chdb.Session
        opened, name = made(), f"qitong_{uuid4().hex}"
        try:
            opened.query(f"CREATE DATABASE {name} ENGINE = Atomic")
            opened.query(f"USE {name}")
            opened.query(f"SET {_BEARABLE}")
            yield ClickHouse(opened, Path(folder))
        finally:
            with closing(opened):
                opened.query(f"DROP DATABASE IF EXISTS {name} SYNC")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
