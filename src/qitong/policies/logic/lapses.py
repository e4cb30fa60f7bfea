"""On which day what is known of a company says something else, although nobody has said anything.

A figure goes out of date; a company comes of an age that a rule asks for. Both days are known as soon as the
fact is, so nobody has to look every day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from math import ceil, floor

from qitong.policies.logic.currency import span
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.tree import Bands, Compare, Field, Num, Since, Tree, names, walk
from qitong.policies.logic.units import Kind, Number

EVERY_MONTH = None
"""Marks of a rule that reckons with an age instead of comparing it: any full month may matter."""
Marks = frozenset[int] | None


def moves_on(spec: FieldSpec, *, year: int | None, as_of: dt.date, on: dt.date) -> dt.date | None:
    """The first day after ``on`` on which the fact begins or ceases to say something; None: never."""
    valid = span(spec, year=year, as_of=as_of)
    days = [day for day in valid or () if day is not None and day > on]
    return min(days, default=None)


def comes_of_age(start: dt.date, marks: Marks, on: dt.date) -> dt.date | None:
    """The first day after ``on`` on which ``start`` lies as many full months back as one of ``marks``."""
    if marks is EVERY_MONTH:
        begun = max(0, (on.year - start.year) * 12 + on.month - start.month)
        marks = frozenset(range(begun, begun + 2))
    days = [day for months in marks or () if (day := _full_on(start, months)) is not None and day > on]
    return min(days, default=None)


def _full_on(start: dt.date, months: int) -> dt.date | None:
    """The day on which so many months are full: see :mod:`ages`. None beyond the year 9999."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return None
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def age_marks(rules: Iterable[Rule], date: str, ages: Mapping[str, Kind]) -> Marks:
    """At how many full months since ``date`` the outcome of some rule may change.

    ``ages``: facts that are the age of this date, with their unit. 0 is among the marks of whoever reads the
    date: an age begins to be known.
    """
    found: set[int] = set()
    for rule in rules:
        for tree in _deciding(rule):
            marks = _marks(tree, date, ages)
            if marks is EVERY_MONTH:
                return EVERY_MONTH
            found |= marks
    return frozenset(found)


def _deciding(rule: Rule) -> Iterator[Tree]:
    yield rule.scope
    yield from (condition.node for condition in rule.conditions)
    yield from (score.node for score in rule.scores)


def _marks(tree: Tree, date: str, ages: Mapping[str, Kind]) -> Marks:
    found: set[int] = set()
    told = seen = 0
    for node in walk(tree):
        seen += _unit(node, date, ages) is not None
        for measure, bounds in _bounds(node):
            unit = _unit(measure, date, ages)
            if unit is not None:
                told += 1
                found |= {0, *(mark for bound in bounds for mark in _flips(bound, unit))}
    return frozenset(found) if told == seen else EVERY_MONTH


def _unit(node: Tree, date: str, ages: Mapping[str, Kind]) -> Kind | None:
    """In what this is the age of the date; None when it is something else."""
    if isinstance(node, Since) and date in names(node):
        return node.unit
    return ages.get(node.name) if isinstance(node, Field) else None


def _bounds(node: Tree) -> Iterator[tuple[Tree, list[Number]]]:
    """What is held against plain numbers here."""
    match node:
        case Compare(_, left, Num(bound)):
            yield left, [bound]
        case Compare(_, Num(bound), right):
            yield right, [bound]
        case Bands(measure, steps):
            yield measure, [bound for bound, _ in steps]


def _flips(bound: Number, unit: Kind) -> Iterator[int]:
    """The ages at which a comparison with ``bound`` can change, in months; none before the first day."""
    each = 12 if unit is Kind.YEARS else 1
    yield from (each * mark for mark in (ceil(bound), floor(bound) + 1) if mark >= 0)
