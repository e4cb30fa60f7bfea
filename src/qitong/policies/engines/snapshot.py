"""The facts of all companies on a day, taken from PostgreSQL into a Parquet file that the engines read.

What counts is the same as for one company (:mod:`qitong.policies.gathering`): the newest of a name and year,
if it still says something on the day, in the unit of its input today. Read in one transaction, some companies
at a time, so that it is one moment and the memory is the same for any number of them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from qitong.policies.engines.batch import whole
from qitong.policies.engines.columns import ID
from qitong.policies.engines.companies import ON, types
from qitong.policies.gathering import wanted
from qitong.policies.logic import keeping
from qitong.policies.logic.keeping import EARLIEST, LATEST
from qitong.policies.logic.reading import LONGEST_CODE, written
from qitong.policies.logic.rule import DISTRICT, FieldSpec
from qitong.policies.logic.units import Kind
from qitong.policies.sizing import INDUSTRY

CHUNK = 50_000
"""Companies at a time."""


@dataclass(slots=True)
class Taken:
    """How many companies are in the file, and how many facts of them."""

    companies: int = 0
    facts: int = 0


def write(out: Path, fields: Mapping[str, FieldSpec], on: dt.date, connection: Any) -> Taken:
    """All companies on ``on``, whole or not at all.

    ``connection``: of psycopg, in a transaction that sees one moment (repeatable read).
    """
    taken = Taken()
    schema = {ID: pl.Int64(), **types(fields)}
    source = register_io_source(
        lambda *_: _chunks(fields, on, connection, taken), schema=schema, is_pure=False
    )
    with whole(out) as half:
        source.sink_parquet(
            half,
            compression="lz4",
            statistics=False,
            row_group_size=CHUNK,
            maintain_order=True,
            metadata={ON: on.isoformat()},
        )
    return taken


def _chunks(
    fields: Mapping[str, FieldSpec], on: dt.date, connection: Any, taken: Taken
) -> Iterator[pl.DataFrame]:
    last = 0
    while (found := part(last, CHUNK, fields, on, connection, taken=taken)) is not None:
        last = int(found[ID][-1])
        yield found


def part(
    after: int,
    most: int,
    fields: Mapping[str, FieldSpec],
    on: dt.date,
    connection: Any,
    *,
    taken: Taken | None = None,
) -> pl.DataFrame | None:
    """The next companies after a key as rows of the file; None when there are no more."""
    companies = _asked(connection, _COMPANIES, {"after": after, "most": most}, _OF_COMPANY)
    if not companies.height:
        return None
    known = {**wanted(fields.values(), on), "on": on, "after": after, "last": int(companies[ID][-1])}
    facts = _asked(connection, _FACTS, known, _OF_FACT)
    if taken is not None:
        taken.companies += companies.height
        taken.facts += facts.height
    return _wide(companies, facts, fields)


def _wide(companies: pl.DataFrame, facts: pl.DataFrame, fields: Mapping[str, FieldSpec]) -> pl.DataFrame:
    """A row a company; what was never said, or says nothing any more, is missing."""
    frame, said = companies.select(ID), facts.partition_by("name", as_dict=True)
    dtypes, columns = types(fields), [companies[ID]]
    for name, spec in fields.items():
        values = _values(said[name,], spec, dtypes[name]) if (name,) in said else None
        column = pl.Series(name, [None], dtype=dtypes[name]).new_from_index(0, frame.height)
        if values is not None:
            column = frame.join(values, on=ID, how="left", maintain_order="left")["value"].alias(name)
        if name in (INDUSTRY, DISTRICT):
            column = column.fill_null(companies[name]).alias(name)
        columns.append(column)
    return pl.DataFrame(columns)


def _values(rows: pl.DataFrame, spec: FieldSpec, dtype: pl.DataType) -> pl.DataFrame:
    """One value a company, in the unit of the input: of the last year that says something."""
    plain = _plain(spec)
    if plain is None:
        usual, plain = pl.lit(False), pl.lit(None, dtype=dtype)
    else:
        usual = (pl.col("unit") == spec.unit) & ~pl.col("value").str.contains("\\", literal=True)
    found = rows.with_columns(usual.alias("usual"), pl.when(usual).then(plain).cast(dtype).alias("found"))
    odd = (~found["usual"]).arg_true()
    if len(odd):  # in another unit, or several codes: one by one, as for one company
        each = rows[odd].select("unit", "value").iter_rows()
        known = pl.Series([_known(spec, unit, raw) for unit, raw in each], dtype=dtype)
        found = found.with_columns(found["found"].scatter(odd, known))
    said = found.select(ID, pl.col("found").alias("value")).drop_nulls("value")
    return said.unique(ID, keep="last", maintain_order=True)


def _known(spec: FieldSpec, unit: str, text: str) -> Any:
    found = written(spec, keeping.known(spec, unit, json.loads(text)))
    if isinstance(found, Fraction):
        return float(found)
    return sorted(found) if isinstance(found, frozenset) else found


def _plain(spec: FieldSpec) -> pl.Expr | None:
    """What was kept (JSON) in the fact's own unit as a value; missing where it cannot be this fact."""
    text = pl.col("value")
    bare = text.str.strip_chars('"')
    quoted = text.str.starts_with('"')
    match spec.kind:
        case Kind.CODES:
            return None
        case Kind.BOOL:
            return pl.when(text.is_in(["true", "false"])).then(text == "true")
        case Kind.DATE:
            day = bare.str.to_date("%Y-%m-%d", strict=False)
            return pl.when(quoted & day.dt.year().is_between(EARLIEST, LATEST)).then(day)
        case Kind.CODE:
            codes = [code for code, _ in spec.codes]
            fits = bare.is_in(codes) if codes else bare.str.len_chars().is_between(1, LONGEST_CODE)
            return pl.when(quoted & fits).then(bare)
    least, most = (float(written(spec, bound)) for bound in (spec.least, spec.most))
    number = pl.when(bare.str.contains(r"^-?[0-9]+(\.[0-9]+)?$")).then(bare).cast(pl.Float64)
    decimals = bare.str.extract(r"\.([0-9]*[1-9])0*$").str.len_chars().fill_null(0)
    return pl.when(number.is_between(least, most) & (decimals <= spec.places)).then(number)


_OF_COMPANY: dict[str, Any] = {ID: pl.Int64(), INDUSTRY: pl.String(), DISTRICT: pl.String()}
_OF_FACT: dict[str, Any] = {ID: pl.Int64(), "name": pl.String(), "unit": pl.String(), "value": pl.String()}
_COMPANIES = """
SELECT e.id, nullif(e.industry_code, ''), coalesce(
    substring(j.code FROM '^([1-9][0-9]{3}(?:[0-9][1-9]|[1-9][0-9]))'),
    substring(e.uscc FROM '^..([1-9][0-9]{3}(?:[0-9][1-9]|[1-9][0-9]))')
)
FROM accounts_enterprise e JOIN accounts_jurisdiction j ON j.id = e.jurisdiction_id
WHERE e.id > %(after)s ORDER BY e.id LIMIT %(most)s
"""
_FACTS = """
WITH revoked AS MATERIALIZED (
    SELECT id FROM datashare_consent
    WHERE enterprise_id > %(after)s AND enterprise_id <= %(last)s AND revoked_at IS NOT NULL
)
SELECT f.enterprise_id, f.name, f.unit, f.value::text FROM (
    SELECT DISTINCT ON (f.enterprise_id, f.name, f.year)
        f.enterprise_id, f.name, f.year, f.as_of, f.unit, f.value
    FROM policies_companyfact f
    WHERE f.enterprise_id > %(after)s AND f.enterprise_id <= %(last)s AND f.as_of <= %(on)s
        AND (f.consent_id IS NULL OR f.consent_id NOT IN (SELECT id FROM revoked))
    ORDER BY f.enterprise_id, f.name, f.year, f.given_at DESC, f.id DESC
) f JOIN unnest(%(names)s::text[], %(years)s::int[], %(since)s::date[]) AS s (name, year, since)
    ON s.name = f.name
WHERE f.value IS NOT NULL AND (s.year IS NULL OR f.year = s.year) AND (s.since IS NULL OR f.as_of >= s.since)
ORDER BY f.enterprise_id, f.name, f.year
"""
"""The newest of each fact and year, where it still says something; the last year stands last."""


def _asked(connection: Any, query: str, params: Mapping[str, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of a query, carried by COPY, which costs the least."""
    answer = BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", params) as copy:
        for data in copy:
            answer.write(data)
    if not answer.tell():
        return pl.DataFrame(schema=dict(schema))
    answer.seek(0)
    return pl.read_csv(answer, has_header=False, schema=dict(schema))
