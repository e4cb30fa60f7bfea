"""What follows from the facts of many companies, as columns: the same as :mod:`qitong.policies.features`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import accumulate, pairwise

import polars as pl

from qitong.policies.engines.on_polars import months
from qitong.policies.features import REGISTERED
from qitong.policies.library import Alike, Sizes
from qitong.policies.logic.size import SIZES, SMALLEST, Row
from qitong.policies.sizing import INDUSTRY

MONTHS, SIZE = "months_since_registration", "size"


def derived(
    frame: pl.DataFrame, sizes: Sizes | None, on: dt.date, alike: Sequence[Alike] = ()
) -> pl.DataFrame:
    """With what is known under another name, size and months since registration where they are not given.

    Nothing given is overwritten.
    """
    frame = _shared(frame, alike)
    if REGISTERED in frame.columns:
        found = months(pl.col(REGISTERED), on)
        expr = pl.coalesce(pl.col(MONTHS), found) if MONTHS in frame.columns else found
        frame = frame.with_columns(expr.alias(MONTHS))
    if sizes is not None and INDUSTRY in frame.columns:
        frame = frame.with_columns(_sizes(frame, sizes).alias(SIZE))
    return frame


def _shared(frame: pl.DataFrame, alike: Sequence[Alike]) -> pl.DataFrame:
    """Each fact filled from those that it is under other names: the main one first, then it gives to all."""
    for into, source, opposite in (
        *((main, name, opposite) for name, main, opposite in alike),
        *alike,
    ):
        if source in frame.columns:
            found = ~pl.col(source) if opposite else pl.col(source)
            expr = pl.coalesce(pl.col(into), found) if into in frame.columns else found
            frame = frame.with_columns(expr.alias(into))
    return frame


def _sizes(frame: pl.DataFrame, sizes: Sizes) -> pl.Series:
    """As given, else by the row of the industry: only those who share a row are held against its bounds."""
    nobody = pl.repeat(None, frame.height, dtype=pl.String(), eager=True)
    given = frame[SIZE] if SIZE in frame.columns else nobody
    indicators = {name for row in sizes.table.rows for name, _ in row.bounds}
    asked = frame.select(
        INDUSTRY,
        *(name for name in indicators if name in frame.columns),
        pl.int_range(pl.len(), dtype=pl.UInt32()).alias("place"),
    ).filter(given.is_null())
    asked = asked.with_columns(_row_of(asked[INDUSTRY], sizes).alias("row")).drop_nulls("row")
    found = [
        rows.select("place", _by_bounds(rows, sizes.table.rows[rows["row"][0]], sizes).alias(SIZE))
        for rows in asked.partition_by("row")
    ]
    if not found:
        return given
    every = pl.concat(found)
    return _in_chunks(given.clone().scatter(every["place"], every[SIZE]), frame[INDUSTRY])


def _in_chunks(column: pl.Series, like: pl.Series) -> pl.Series:
    """In the pieces of another: where one column differs from all others, all would be copied into one."""
    ends = list(accumulate(map(len, like.get_chunks()), initial=0))
    return pl.concat([column.slice(a, b - a) for a, b in pairwise(ends)], rechunk=False)


def _row_of(industries: pl.Series, sizes: Sizes) -> pl.Series:
    """The place of each company's row in the table; an industry that it does not cover has none."""
    rows = sizes.table.rows
    place = {
        code: rows.index(row) for code in industries.unique().drop_nulls() if (row := sizes.table.row(code))
    }
    if not place:
        return pl.repeat(None, len(industries), dtype=pl.Int8(), eager=True)
    return industries.replace_strict(place, default=None, return_dtype=pl.Int8())


def _by_bounds(frame: pl.DataFrame, row: Row, sizes: Sizes) -> pl.Expr:
    """The first size whose bounds are all reached; missing when it hangs on an indicator that is."""
    found = pl.lit(SMALLEST)
    for place, size in reversed(list(enumerate(SIZES[:-1]))):
        reached = pl.lit(True)
        for name, bounds in row.bounds:
            value = pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Int64())
            reached &= value >= int(bounds[place] * sizes.fields[name].grain)
        found = pl.when(reached).then(pl.lit(size)).when(~reached).then(found)
    return found
