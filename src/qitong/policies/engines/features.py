"""What follows from the facts of many companies, as columns: the same as :mod:`qitong.policies.features`."""

from __future__ import annotations

import datetime as dt

import polars as pl

from qitong.policies.engines.on_polars import months
from qitong.policies.features import REGISTERED
from qitong.policies.library import Sizes
from qitong.policies.logic.size import SIZES, SMALLEST, Row
from qitong.policies.sizing import INDUSTRY

MONTHS, SIZE = "months_since_registration", "size"


def derived(frame: pl.DataFrame, sizes: Sizes | None, on: dt.date) -> pl.DataFrame:
    """With size and months since registration where they are not given; nothing given is overwritten."""
    if REGISTERED in frame.columns:
        frame = _filled(frame, MONTHS, months(pl.col(REGISTERED), on))
    if sizes is not None and INDUSTRY in frame.columns:
        frame = _filled(frame, SIZE, _size(frame, sizes))
    return frame


def _filled(frame: pl.DataFrame, name: str, found: pl.Expr) -> pl.DataFrame:
    expr = pl.coalesce(pl.col(name), found) if name in frame.columns else found
    return frame.with_columns(expr.alias(name))


def _size(frame: pl.DataFrame, sizes: Sizes) -> pl.Expr:
    """By the row of the industry; an industry that the table does not cover has none."""
    industries: dict[str, list[str]] = {}
    for code in frame[INDUSTRY].unique().drop_nulls().to_list():
        row = sizes.table.row(code)
        if row is not None:
            industries.setdefault(row.id, []).append(code)
    found = pl.lit(None, dtype=pl.String())
    for row in sizes.table.rows:
        if row.id in industries:
            of_row = pl.col(INDUSTRY).is_in(industries[row.id])
            found = pl.when(of_row).then(_by_bounds(frame, row, sizes)).otherwise(found)
    return found


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
