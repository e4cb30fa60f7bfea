"""Plans as Polars expressions: all policies against all companies on one machine.

A term that several others need is made a column once, level by level; the rest are parts of larger
expressions. Nothing is a float. Truths are three-valued throughout: Polars keeps a bit for "yes" and a bit
for "known" of each.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce
from typing import Any

import polars as pl

from qitong.policies.engines.plan import Do, Is, Term, walk

_PLAIN = pl.QueryOptFlags.none()
"""What is shared is shared already; looking for more would cost more than it saves."""
_FEW = 4
_CHEAP = (Do.COLUMN, Do.CONST)
_SIGNS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "<": pl.Expr.lt,
    "<=": pl.Expr.le,
    "==": pl.Expr.eq,
    "!=": pl.Expr.ne,
    ">=": pl.Expr.ge,
    ">": pl.Expr.gt,
}
_TYPES: dict[Is, pl.DataType] = {Is.TRUTH: pl.Boolean(), Is.DAY: pl.Date(), Is.CODE: pl.String()}


class Spelled:
    """Terms as expressions over a frame of :mod:`columns`; ``run`` computes the roots."""

    def __init__(self, roots: Mapping[str, Term], on: dt.date) -> None:
        self._roots = dict(roots)
        self._on = on
        terms = walk(list(self._roots.values()))
        uses = Counter(part.number for term in terms for part in {p.number: p for p in term.parts}.values())
        uses.update(term.number for term in self._roots.values())
        uses.update(term.parts[-3].number for term in terms if term.do is Do.CASE)
        self._kept: dict[int, str] = {}
        self._levels: list[list[pl.Expr]] = []
        self._exprs: dict[int, pl.Expr] = {}
        self._spell(terms, uses)
        self._final = [self._exprs[term.number].alias(name) for name, term in self._roots.items()]

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A column for each root, in the order of the companies."""
        lazy = frame.lazy()
        for level in self._levels:
            lazy = lazy.with_columns(level)
        # first beside the companies, so that a constant is as long as they are
        return lazy.with_columns(self._final).select(list(self._roots)).collect(optimizations=_PLAIN)

    def _spell(self, terms: Iterable[Term], uses: Counter[int]) -> None:
        depth: dict[int, int] = {}
        for term in terms:
            below = max((depth[part.number] for part in term.parts), default=0)
            expr = self._expr(term)
            depth[term.number] = below
            if uses[term.number] > 1 and term.do not in _CHEAP:
                name = self._kept[term.number] = f"\x1e{term.number}"
                while len(self._levels) <= below:
                    self._levels.append([])
                self._levels[below].append(expr.alias(name))
                expr, depth[term.number] = pl.col(name), below + 1
            self._exprs[term.number] = expr

    def _expr(self, term: Term) -> pl.Expr:  # noqa: C901, PLR0911, PLR0912  one return a term
        of = [self._exprs[part.number] for part in term.parts]
        match term.do:
            case Do.COLUMN:
                return pl.col(term.data)
            case Do.CONST:
                return pl.lit(term.data, dtype=_type(term))
            case Do.ADD | Do.SUB | Do.MUL:
                a, b = self._widened(term)
                return a + b if term.do is Do.ADD else a - b if term.do is Do.SUB else a * b
            case Do.POSITIVE:
                return pl.when(of[0] > 0).then(of[0])
            case Do.CASE:
                return self._case(term)
            case Do.MONTHS:
                return months(of[0], self._on)
            case Do.REST:
                return of[0] % 12
            case Do.COMPARE:
                a, b = self._widened(term)
                return _SIGNS[term.data](a, b)
            case Do.ONE_OF:
                return _one_of(of[0], term.data)
            case Do.BEGINS:
                return reduce(pl.Expr.or_, [of[0].str.starts_with(prefix) for prefix in term.data])
            case Do.ALL:
                return reduce(pl.Expr.and_, of)
            case Do.ANY:
                return reduce(pl.Expr.or_, of)
            case Do.NOT:
                return ~of[0]
            case Do.UNKNOWN:
                return of[0].is_null()

    def _widened(self, term: Term) -> list[pl.Expr]:
        """The parts as they are, or in 128 bits where the result or one of them needs more than 64."""
        wide = term.wide or any(part.wide for part in term.parts)
        of = [self._exprs[part.number] for part in term.parts]
        return [expr.cast(pl.Int128) for expr in of] if wide else of

    def _case(self, term: Term) -> pl.Expr:
        of = [self._exprs[part.number] for part in term.parts]
        values = [*of[1:-1:2], of[-1]]
        if term.wide:
            values = [value.cast(pl.Int128) for value in values]
        made: Any = pl
        for test, value in zip(of[:-1:2], values, strict=False):
            made = made.when(test).then(value)
        found: pl.Expr = made.when(~of[-3]).then(values[-1])
        return found


def _one_of(code: pl.Expr, known: Collection[str]) -> pl.Expr:
    """To hold a few codes against each takes a quarter of the time of looking them up."""
    if len(known) > _FEW:
        return code.is_in(list(known))
    return reduce(pl.Expr.or_, [code == pl.lit(one) for one in known])


def _type(term: Term) -> pl.DataType:
    return _TYPES.get(term.kind) or (pl.Int128() if term.wide else pl.Int64())


def months(day: pl.Expr, on: dt.date) -> pl.Expr:
    last = calendar.monthrange(on.year, on.month)[1]
    full = (on.year * 12 + on.month) - (day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64))
    short = (day.dt.day() > on.day).cast(pl.Int64) if on.day < last else pl.lit(0, dtype=pl.Int64)
    return pl.when(day <= on).then(full - short)
