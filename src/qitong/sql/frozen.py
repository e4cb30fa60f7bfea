"""Queries asked at every page, of which the SQL is made once: afterwards only the values are put in.

To build one of them takes longer than to ask it, in Python as in the planner of the database. A frozen
query is made by the ORM, from values that stand for others, and kept with the places of those; the server
keeps its plan as well (a prepared statement). What is kept follows from the code alone, never from data.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from psycopg import sql
from psycopg.types.numeric import Int8

from qitong.sql.statements import prepared

R = TypeVar("R")
Value = int | str | dt.date | dt.datetime | Collection[int] | None
MOST = 60
"""Shapes kept of one query; of more, the oldest are made anew."""

_FIRST = 7_770_000_000_000_000_000
_DAY = dt.date(9900, 1, 1)
_MOMENT = dt.datetime(9900, 1, 1, tzinfo=dt.UTC)
_AROUND = 50
"""Years about the days that stand for others, of which no constant of ours is one."""
_WHOLE = range(-(2**63), 2**63)
_PLACES = re.compile(r"%(%|s)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes: of a collection the one at ``at``, or (None) all of it."""

    name: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A query, its text, and what goes into each place of the text. Threads share it and change nothing."""

    rows: Any
    compiler: Any
    converters: Mapping[int, Any]
    text: str
    places: list[_Place]
    plan_kept: bool

    def ask(self, values: Mapping[str, Any]) -> list[Any]:
        """What a queryset does when it is evaluated, on the connection of this thread."""
        filled = [_value(values[place.name], place.at) for place in self.places]
        compiler = _twin(self.compiler)
        compiler.connection = connections[connection.alias]
        compiler.as_sql = lambda *_, **__: (self.text, filled)
        compiler.get_converters = lambda _: self.converters
        compiler.has_composite_fields = lambda _: False
        query = _twin(self.rows.query)
        query.get_compiler = lambda *_, **__: compiler
        asked = SimpleNamespace(
            db=connection.alias,
            query=query,
            model=self.rows.model,
            _fields=self.rows._fields,
            _known_related_objects={},
        )
        with prepared() if self.plan_kept else nullcontext():
            return list(self.rows._iterable_class(asked))


def _twin(thing: Any) -> Any:
    """Another with the same attributes, of which some are to be changed; ``copy`` asks it first how."""
    made = object.__new__(type(thing))
    vars(made).update(vars(thing))
    return made


class Frozen(Generic[R]):
    """``make`` builds the query from its values by name; they may be compared with columns, no more.

    Whole numbers, texts, dates, moments and collections of whole numbers are put in each time. Another
    number of elements is another query, as is None, and as is every other value of ``shape``.

    ``plan_kept``: not where the best way depends on the values, as whether somebody has three cases or a
    hundred thousand; the planner is then told them each time.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, R]], *, plan_kept: bool = True) -> None:
        self._make, self._plan_kept = make, plan_kept
        self._kept: dict[str, _Made | None] = {}
        self._lock = Lock()

    def __call__(self, *shape: Any, **values: Value) -> list[R]:
        """The rows, as the query would give them; what is prefetched is not read along."""
        given = {name: _counted(value) for name, value in values.items()}
        if any(isinstance(value, int) and value not in _WHOLE for value in given.values()):
            return []  # an address may name any number; no column holds this one
        key = str((shape, [(name, _kind(value)) for name, value in given.items()]))
        try:
            made = self._kept[key]
        except KeyError:
            if " object at 0x" in key:  # of two things that say no more, one would be taken for the other
                raise TypeError(f"a frozen query cannot tell by {key} which query it is") from None
            made = self._keep(key, self._freeze(shape, given))
        return [] if made is None else made.ask(given)

    def first(self, *shape: Any, **values: Value) -> R | None:
        return next(iter(self(*shape, **values)), None)

    def _keep(self, key: str, made: _Made | None) -> _Made | None:
        with self._lock:
            if len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = made
        return made

    def _freeze(self, shape: tuple[Any, ...], values: Mapping[str, Any]) -> _Made | None:
        marks, found = _marks(values)
        rows: Any = self._make(*shape, **marks)
        compiler = rows.query.get_compiler(connection.alias)
        try:
            text, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        text, places = _inlined(text, list(params), found)
        missing = {name for name, mark in marks.items() if mark not in (None, [])} - {p.name for p in places}
        if missing:
            raise TypeError(f"a frozen query has no place for {sorted(missing)}")
        columns = [column for column, *_ in compiler.select]
        if compiler.has_composite_fields(columns):
            raise TypeError("a frozen query reads no key of several columns")
        return _Made(rows, compiler, compiler.get_converters(columns), text, places, self._plan_kept)


def _counted(value: Value) -> Any:
    """Collections in one order, so that the same are the same."""
    return sorted(value) if isinstance(value, Collection) and not isinstance(value, str) else value


def _kind(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value if value is None else type(value).__name__


def _value(value: Any, at: int | None) -> Any:
    """Whole numbers always as the widest: of each type the server would keep another statement."""
    found = value if at is None else value[at]
    if isinstance(found, list):
        return [Int8(one) for one in found]
    return Int8(found) if isinstance(found, int) else found


def _marks(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Any, _Place]]:
    """Values that stand for others, and which these are."""
    marks: dict[str, Any] = {}
    found: dict[Any, _Place] = {}
    for name, value in values.items():
        if value is None:
            marks[name] = None
        elif isinstance(value, list):
            marks[name] = [_FIRST + len(found) + n for n in range(len(value))]
            found |= {mark: _Place(name, n) for n, mark in enumerate(marks[name])}
            found[tuple(marks[name])] = _Place(name)
        else:
            marks[name] = mark = _mark(value, len(found))
            found[mark] = _Place(name)
    return marks, found


def _mark(value: Any, n: int) -> Any:
    if isinstance(value, dt.datetime):
        return _MOMENT + dt.timedelta(seconds=n)
    if isinstance(value, dt.date):
        return _DAY + dt.timedelta(days=n)
    if isinstance(value, str):
        return f"\ue000{n}"
    return _FIRST + n


def _inlined(text: str, params: list[Any], found: Mapping[Any, _Place]) -> tuple[str, list[_Place]]:
    """The text with every value in it that is always the same, and what goes into the places left.

    What is always the same the planner has to see: that a state is one of the open ones, say.
    """
    left, places = iter(params), list[_Place]()

    def put(match: re.Match[str]) -> str:
        if match[1] == "%":
            return "%%"
        param = next(left)
        mark = tuple(param) if isinstance(param, list) else param
        place = found.get(mark) if isinstance(mark, (int, str, dt.date, tuple)) else None
        if place is not None and not isinstance(param, bool):
            places.append(place)
            return "%s"
        if _derived(param):
            raise TypeError(f"a frozen query compares a value as it is, not what it makes of it: {text}")
        return sql.Literal(param).as_string(connection.connection).replace("%", "%%")

    connection.ensure_connection()
    return _PLACES.sub(put, text), places


def _derived(param: Any) -> bool:
    """Whether it was made from a value that stands for another: kept, it would be taken for a constant."""
    if isinstance(param, list | tuple):
        return any(_derived(one) for one in param)
    if isinstance(param, dt.date):  # a moment is one, too
        return abs(param.year - _DAY.year) <= _AROUND
    if isinstance(param, int):
        return abs(param - _FIRST) <= _FIRST // 2
    return "\ue000" in str(param)


def held(thing: Model, name: str, rows: Iterable[Model]) -> None:
    """Make ``rows`` what ``thing`` holds under ``name`` (a reverse relation), as if prefetched.

    Who narrows or orders it further asks the database anew, and of this thing alone.
    """
    manager: Any = getattr(type(thing), name)
    field = manager.rel.field
    own = {field.attname: getattr(thing, field.target_field.attname)}
    known: Any = field.model._base_manager.all()
    known._defer_next_filter = True  # as Django does: no query is built unless one is asked
    known = known.filter(**own)
    found = list(rows)
    for row in found:
        field.set_cached_value(row, thing)
    known._result_cache, known._prefetch_done = found, True
    vars(thing).setdefault("_prefetched_objects_cache", {})[manager.rel.get_accessor_name()] = known
