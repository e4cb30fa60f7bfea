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
from qitong.policies.engines.companies import types
from qitong.policies.logic.currency import good_since, year_of
from qitong.policies.logic.keeping import EARLIEST, LATEST
from qitong.policies.logic.reading import LONGEST_CODE, written
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import UNITS, Kind, decimal_text
from qitong.policies.sizing import INDUSTRY

CHUNK = 50_000
"""Companies at a time."""
ON = "qitong.on"
"""Under this name the file says which day it is of."""


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


def day_of(file: Path) -> dt.date | None:
    """The day a snapshot is of; None for a file that says none, or is none."""
    try:
        said = pl.read_parquet_metadata(file).get(ON)
    except (OSError, pl.exceptions.PolarsError):
        return None
    return dt.date.fromisoformat(said) if said else None


def _chunks(
    fields: Mapping[str, FieldSpec], on: dt.date, connection: Any, taken: Taken
) -> Iterator[pl.DataFrame]:
    specs = _specs(fields, on)
    last = 0
    while True:
        companies = _asked(connection, _COMPANIES, {"after": last, "most": CHUNK}, _OF_COMPANY)
        if not companies.height:
            return
        first, last = last, int(companies[ID][-1])
        facts = _asked(connection, _FACTS, {**specs, "on": on, "after": first, "last": last}, _OF_FACT)
        taken.companies += companies.height
        taken.facts += facts.height
        yield _wide(companies, facts, fields)


def _wide(companies: pl.DataFrame, facts: pl.DataFrame, fields: Mapping[str, FieldSpec]) -> pl.DataFrame:
    """A row a company; what was never said, or says nothing any more, is missing."""
    frame = companies.select(ID)
    if facts.height:
        pivoted = facts.pivot(on="name", index=ID, values="value")
        frame = frame.join(pivoted, on=ID, how="left", maintain_order="left")
    wanted = types(fields)
    columns = [pl.col(ID)]
    for name, spec in fields.items():
        text = pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String())
        if name == INDUSTRY:
            text = pl.coalesce(text, pl.lit(companies["industry"]))
        columns.append(_typed(text, spec, wanted[name]).alias(name))
    return frame.select(columns)


def _typed(text: pl.Expr, spec: FieldSpec, dtype: pl.DataType) -> pl.Expr:
    match spec.kind:
        case Kind.BOOL:
            return text == "true"
        case Kind.CODES:
            return text.str.json_decode(dtype)
        case Kind.DATE:
            return text.str.to_date("%Y-%m-%d", strict=False)
    return text.cast(dtype)


_OF_COMPANY: dict[str, Any] = {ID: pl.Int64(), "industry": pl.String()}
_OF_FACT: dict[str, Any] = {ID: pl.Int64(), "name": pl.String(), "value": pl.String()}
_COMPANIES = """
SELECT id, nullif(industry_code, '') FROM accounts_enterprise WHERE id > %(after)s ORDER BY id LIMIT %(most)s
"""
_FACTS = r"""
WITH spec AS (
    SELECT * FROM unnest(
        %(names)s::text[], %(units)s::text[], %(sorts)s::text[], %(years)s::int[], %(since)s::date[],
        %(factors)s::numeric[], %(least)s::numeric[], %(most)s::numeric[], %(places)s::int[],
        %(codes)s::text[]
    ) AS s (name, unit, sort, year, since, factor, least, most, places, codes)
), newest AS (
    SELECT DISTINCT ON (f.enterprise_id, f.name, f.year)
        f.enterprise_id, f.name, f.year, f.as_of, f.unit, f.value
    FROM policies_companyfact f LEFT JOIN datashare_consent c ON c.id = f.consent_id
    WHERE f.enterprise_id > %(after)s AND f.enterprise_id <= %(last)s AND f.as_of <= %(on)s
        AND c.revoked_at IS NULL
    ORDER BY f.enterprise_id, f.name, f.year, f.given_at DESC, f.id DESC
), known AS (
    SELECT f.enterprise_id, f.name, f.year, CASE s.sort
        WHEN 'number' THEN CASE WHEN f.value #>> '{}' ~ '^-?[0-9]+(\.[0-9]+)?$' THEN (
            SELECT trim_scale(n.v)::text FROM (SELECT (f.value #>> '{}')::numeric * s.factor AS v) n
            WHERE n.v BETWEEN s.least AND s.most AND min_scale(n.v) <= s.places
        ) END
        WHEN 'bool' THEN CASE WHEN jsonb_typeof(f.value) = 'boolean' THEN f.value #>> '{}' END
        WHEN 'date' THEN CASE WHEN f.value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
            AND left(f.value #>> '{}', 4)::int BETWEEN %(earliest)s AND %(latest)s THEN f.value #>> '{}' END
        WHEN 'code' THEN CASE WHEN jsonb_typeof(f.value) = 'string'
            AND (s.codes::jsonb ? (f.value #>> '{}') OR s.codes = '[]')
            AND length(f.value #>> '{}') BETWEEN 1 AND %(longest)s THEN f.value #>> '{}' END
        WHEN 'codes' THEN CASE WHEN jsonb_typeof(f.value) = 'array'
            AND (s.codes::jsonb @> f.value OR s.codes = '[]') THEN f.value::text END
        END AS text
    FROM newest f JOIN spec s ON s.name = f.name AND s.unit = f.unit
    WHERE (s.year IS NULL OR f.year = s.year) AND (s.since IS NULL OR f.as_of >= s.since)
)
SELECT DISTINCT ON (enterprise_id, name) enterprise_id, name, text FROM known WHERE text IS NOT NULL
ORDER BY enterprise_id, name, year DESC NULLS FIRST
"""


def _specs(fields: Mapping[str, FieldSpec], on: dt.date) -> dict[str, Any]:
    """What the query has to know of each fact, in each unit in which it may have been kept."""
    rows = [
        (spec, unit) for spec in fields.values() for unit, kept in UNITS.items() if kept.kind is spec.kind
    ]
    ends = [(written(s, s.least), written(s, s.most)) if s.of.most else (0, 0) for s, _ in rows]
    return {
        "names": [s.name for s, _ in rows],
        "units": [unit for _, unit in rows],
        "sorts": [_SORTS.get(s.kind, "number") for s, _ in rows],
        "years": [None if s.kind is Kind.DATE else year_of(s, on) for s, _ in rows],
        "since": [good_since(s, on) for s, _ in rows],
        "factors": [decimal_text(Fraction(UNITS[unit].scale, s.of.scale)) for s, unit in rows],
        "least": [decimal_text(Fraction(least)) for least, _ in ends],
        "most": [decimal_text(Fraction(most)) for _, most in ends],
        "places": [s.places for s, _ in rows],
        "codes": [json.dumps([code for code, _ in s.codes]) for s, _ in rows],
        "earliest": EARLIEST,
        "latest": LATEST,
        "longest": LONGEST_CODE,
    }


_SORTS = {Kind.BOOL: "bool", Kind.DATE: "date", Kind.CODE: "code", Kind.CODES: "codes"}


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
