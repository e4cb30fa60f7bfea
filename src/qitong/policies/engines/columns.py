"""The columns that hold the facts of many companies, and how a table of facts becomes them.

A fact is stored as a whole number of its smallest amounts (分, millionths of a ratio), a truth, a code or a
day; null is missing. A set of codes becomes a truth for each code that a rule asks for. All engines read this
and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from qitong.policies.engines.lowering import SET_SIGN
from qitong.policies.engines.plan import Do, Is, Term, walk
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind

ID = "company_id"
STORED: dict[Is, pl.DataType] = {
    Is.NUMBER: pl.Int64(),
    Is.TRUTH: pl.Boolean(),
    Is.DAY: pl.Date(),
    Is.CODE: pl.String(),
}


def read(roots: Iterable[Term]) -> dict[str, Is]:
    """The columns that terms read."""
    return {term.data: term.kind for term in walk(list(roots)) if term.do is Do.COLUMN}


def from_rows(
    rows: Sequence[Mapping[str, Any]], fields: Mapping[str, FieldSpec], wanted: Mapping[str, Is]
) -> pl.DataFrame:
    """Facts of companies in base units as columns, numbered from 0; for few companies and for tests."""
    made: dict[str, pl.Series] = {ID: pl.Series(ID, range(len(rows)), dtype=pl.Int64())}
    for column, kind in wanted.items():
        name, _, code = column.partition(SET_SIGN)
        spec = fields[name]
        values = [_stored(row.get(name), spec, code) for row in rows]
        made[column] = pl.Series(column, values, dtype=STORED[kind])
    return pl.DataFrame(made)


def _stored(value: Any, spec: FieldSpec, code: str) -> Any:
    if value is None or spec.kind in (Kind.BOOL, Kind.CODE, Kind.DATE):
        return value
    if spec.kind is Kind.CODES:
        return code in value
    whole = Fraction(value) * spec.grain
    if whole.denominator != 1:
        raise ValueError(f"{spec.name}: {value} is finer than what is stored")
    return int(whole)


def held(frame: pl.DataFrame, wanted: Mapping[str, Is]) -> pl.DataFrame:
    """Only the columns that are read; a set of codes as a truth for each code that is asked for.

    A fact that the table does not have is missing for everybody.
    """
    chosen = [pl.col(ID)]
    for column, kind in wanted.items():
        name, _, code = column.partition(SET_SIGN)
        if name not in frame.columns:
            chosen.append(pl.lit(None, dtype=STORED[kind]).alias(column))
        elif code:
            chosen.append(pl.col(name).list.contains(pl.lit(code)).alias(column))
        else:
            chosen.append(pl.col(name))
    return frame.select(chosen)
