"""Plans as Ibis expressions: the same rules for PostgreSQL, ClickHouse or Spark, past one machine.

Ibis only writes the SQL; a connection of ours runs it. Each trap is stepped around by what a plan is made of:
no division (``0/0``), no ``NOT IN``, no ``greatest``, no test for three values by ``WHERE``; a choice whose
test is missing is missing. Numbers that 64 bits cannot be proven to hold are DECIMAL(38).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis

from qitong.policies.engines.columns import ID, read
from qitong.policies.engines.plan import Do, Is, Term, walk

WIDE = "decimal(38, 0)"
TYPES = {Is.NUMBER: "int64", Is.TRUTH: "boolean", Is.DAY: "date", Is.CODE: "string"}
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
FLATTENING = ("postgres",)
"""Writes what a subquery shares out wherever it is used, and so on at each level, until memory ends, unless
the subquery has an OFFSET; it costs a third of the time, so only what would grow past ``MOST`` gets one."""
MOST = 50_000
"""Parts of a query written out in full."""
SMALL = 8
"""Terms of so many parts are written out where they are used; larger ones are columns of a subquery."""


def named(wanted: Mapping[str, Is]) -> dict[str, str]:
    """A name in SQL for each column: facts may be called anything."""
    return {column: f"c{place}" for place, column in enumerate(wanted)}


def sql(
    roots: Mapping[str, Term], wanted: Mapping[str, Is], on: dt.date, *, table: str, dialect: str, where: str
) -> str:
    """``SELECT id, roots… WHERE root``: ``where`` names a root that is never missing. One query a policy."""
    with _unfused():
        steps = _steps(roots, wanted, on, table, where, flattening=dialect in FLATTENING)
        *below, last = [str(ibis.to_sql(step, dialect=dialect)) for step in steps]
    fenced = ", ".join(f"{_level(place)} AS ({text} OFFSET 0)" for place, text in enumerate(below))
    return f"WITH {fenced} {last}" if fenced else last


def _steps(
    roots: Mapping[str, Term],
    wanted: Mapping[str, Is],
    on: dt.date,
    table: str,
    where: str,
    *,
    flattening: bool,
) -> list[Any]:
    """One query; or one for each level of shared terms, each reading the one before."""
    names = named(wanted)
    own = read(roots.values())
    schema = {ID: "int64", **{names[column]: TYPES[kind] for column, kind in own.items()}}
    found, below = ibis.table(schema, name=table), []
    spelled = _Spelled(roots, names, on)
    apart = flattening and _written_out(roots) > MOST
    for place, level in enumerate(spelled.levels):
        found = found.mutate(**{name: spelled.expr(term, found) for name, term in level.items()})
        if apart:
            below.append(found)
            found = ibis.table(found.schema(), name=_level(place))
    shown = {name: spelled.use(term, found) for name, term in roots.items()}
    found = found.select(**{ID: found[ID]}, **shown)
    return [*below, found.filter(found[where]).drop(where)]


def _written_out(roots: Mapping[str, Term]) -> int:
    """How many parts there are when nothing is shared."""
    size: dict[int, int] = {}
    for term in walk(list(roots.values())):
        size[term.number] = 1 + sum(size[part.number] for part in term.parts)
    return sum(size[term.number] for term in roots.values())


def _level(place: int) -> str:
    return f"level{place}"


@contextmanager
def _unfused() -> Iterator[None]:
    """Without merging selects: what is shared would be written out each time it is used."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


class _Spelled:
    def __init__(self, roots: Mapping[str, Term], names: Mapping[str, str], on: dt.date) -> None:
        self._names = names
        self._on = on
        terms = walk(list(roots.values()))
        uses = Counter(part.number for term in terms for part in term.parts)
        uses.update(term.number for term in roots.values())
        self._kept: dict[int, str] = {}
        self.levels: list[dict[str, Term]] = []
        depth: dict[int, int] = {}
        size: dict[int, int] = {}
        for term in terms:
            depth[term.number] = max((depth[part.number] for part in term.parts), default=0)
            size[term.number] = 1 + sum(size[part.number] for part in term.parts)
            if uses[term.number] > 1 and size[term.number] > SMALL:
                size[term.number] = 1
                self._keep(term, depth)

    def _keep(self, term: Term, depth: dict[int, int]) -> None:
        level = depth[term.number]
        while len(self.levels) <= level:
            self.levels.append({})
        self._kept[term.number] = name = f"t{term.number}"
        self.levels[level][name] = term
        depth[term.number] = level + 1

    def use(self, term: Term, table: Any) -> Any:
        """The column that was kept of it, or its expression."""
        kept = self._kept.get(term.number)
        return self.expr(term, table) if kept is None else table[kept]

    def expr(self, term: Term, table: Any) -> Any:  # noqa: C901, PLR0911, PLR0912  one return a term
        of = [self.use(part, table) for part in term.parts]
        match term.do:
            case Do.COLUMN:
                return table[self._names[term.data]]
            case Do.CONST:
                return _constant(term)
            case Do.ADD:
                return reduce(lambda a, b: a + b, _widened(term, of))
            case Do.SUB:
                return reduce(lambda a, b: a - b, _widened(term, of))
            case Do.MUL:
                return reduce(lambda a, b: a * b, _widened(term, of))
            case Do.POSITIVE:
                return ibis.cases((of[0] > 0, of[0]))
            case Do.CASE:
                return _case(term, of)
            case Do.MONTHS:
                return _months(of[0], self._on)
            case Do.REST:
                return of[0] % 12
            case Do.COMPARE:
                return _SIGNS[term.data](*_widened(term, of))
            case Do.ONE_OF:
                return reduce(or_, [of[0] == code for code in term.data])
            case Do.BEGINS:
                return reduce(or_, [of[0].startswith(prefix) for prefix in term.data])
            case Do.ALL:
                return reduce(and_, of)
            case Do.ANY:
                return reduce(or_, of)
            case Do.NOT:
                return ~of[0]
            case Do.UNKNOWN:
                return of[0].isnull()


def _widened(term: Term, of: Iterable[Any]) -> list[Any]:
    wide = term.wide or any(part.wide for part in term.parts)
    return [expr.cast(WIDE) for expr in of] if wide else list(of)


def _constant(term: Term) -> Any:
    if term.kind is not Is.NUMBER or term.data is None or abs(term.data) < 2**31:
        return ibis.literal(term.data, type=TYPES[term.kind])
    return _broad(term.data, WIDE if term.wide else TYPES[Is.NUMBER])


def _broad(value: int, kind: str) -> Any:
    """A number of the width it is said to have: written as digits only, servers take it for the narrowest."""
    return ibis.literal(str(value)).cast(kind)


def _case(term: Term, of: list[Any]) -> Any:
    parts, values = [*term.parts[1:-1:2], term.parts[-1]], [*of[1:-1:2], of[-1]]
    if term.kind is Is.NUMBER:  # a narrow constant would make the whole choice narrow, and overflow later
        kind = WIDE if term.wide else TYPES[Is.NUMBER]
        values = [
            _broad(part.data, kind) if part.known else value.cast(kind)
            for part, value in zip(parts, values, strict=True)
        ]
    steps = list(zip(of[:-1:2], values, strict=False))
    return ibis.cases(*steps, (~of[-3], values[-1]))


def _months(day: Any, on: dt.date) -> Any:
    last = calendar.monthrange(on.year, on.month)[1]
    full = on.year * 12 + on.month - day.year().cast("int64") * 12 - day.month().cast("int64")
    if on.day < last:
        full = full - ibis.cases(
            (day.day() > on.day, ibis.literal(1, "int64")), else_=ibis.literal(0, "int64")
        )
    return ibis.cases((day <= ibis.literal(on), full))
