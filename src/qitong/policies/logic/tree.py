"""The typed tree of a rule: what every compiler, explainer and editor reads.

Two families. Numbers (and days): ``Num Day Field ScoreOf Arith Least Most Bands Since Choose``. Truths,
with three values: ``Compare Is Has Prefix Holds Truth Manual`` are *leaves* and carry an id and a place;
``AllOf AnyOf Not AtLeast Choose`` join them. The tree is frozen, closed, and has been checked for units:
money stands beside money only, in whole 分. :func:`to_data` is its canonical form, :func:`digest` names it
by content.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

from qitong.policies.logic.units import Kind, Number


class Op(StrEnum):
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "=="
    UNEQUAL = "!="
    AT_LEAST = ">="
    MORE = ">"


class Sum(StrEnum):
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the text of its rule something stands; both count from 1."""

    line: int
    column: int


_NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Num:
    """A constant in base units: 分 for money, 1/20 for 5 %."""

    value: Number
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Day:
    value: dt.date
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A fact by name; None (missing) makes whatever needs it unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """A score of the same policy by name; ``total`` is the sum of all of them."""

    name: str


@dataclass(frozen=True, slots=True)
class Arith:
    """Division by zero, or by less than zero, is unknown: a share of nothing is no share."""

    op: Sum
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Least:
    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Most:
    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Bands:
    """The value beside the first bound that the measure reaches; bounds fall. Below all: ``otherwise``."""

    measure: Value
    steps: tuple[tuple[Number, Number], ...]
    otherwise: Number
    kind: Kind
    """Of the bounds."""


@dataclass(frozen=True, slots=True)
class Since:
    """Full months (or years) from a date to the day of the evaluation, by the calendar."""

    start: Value
    unit: Kind


@dataclass(frozen=True, slots=True)
class Choose:
    """``then if test else other``, of numbers or of truths; unknown when the test is."""

    test: Node
    then: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Compare:
    op: Op
    left: Value
    right: Value
    kind: Kind
    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """The code is one of ``codes`` (sorted)."""

    name: str
    codes: tuple[str, ...]
    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """The set of codes holds ``code``; an empty set is known, and holds nothing."""

    name: str
    code: str
    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """The code begins with one of ``prefixes`` (sorted), as C35 and C36 lie within C3.

    ``lenient``: it holds as well while the code is not known, so that nobody is asked for its sake.
    """

    name: str
    prefixes: tuple[str, ...]
    lenient: bool = field(default=False, kw_only=True)
    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes-or-no fact is yes."""

    name: str
    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool
    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Manual:
    """What only a person can tell: always unknown."""

    id: str = ""
    at: Place = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``count`` of the parts hold. ``at``: where the count stands."""

    count: int
    parts: tuple[Node, ...]
    at: Place = field(default=_NOWHERE, compare=False)


Leaf: TypeAlias = Compare | Is | Has | Prefix | Holds | Truth | Manual
Node: TypeAlias = Leaf | AllOf | AnyOf | Not | AtLeast | Choose
Value: TypeAlias = Num | Day | Field | ScoreOf | Arith | Least | Most | Bands | Since | Choose
Tree: TypeAlias = Node | Value

LEAVES = (Compare, Is, Has, Prefix, Holds, Truth, Manual)


def children(tree: Tree) -> tuple[Tree, ...]:  # noqa: PLR0911  one return a node
    """What stands directly below, in the order written."""
    match tree:
        case Arith(_, left, right) | Compare(_, left, right):
            return (left, right)
        case Least(parts) | Most(parts) | AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return tuple(parts)
        case Choose(test, then, other):
            return (test, then, other)
        case Bands(measure):
            return (measure,)
        case Since(start):
            return (start,)
        case Not(part):
            return (part,)
    return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything in it, in the order written."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def leaves(node: Tree) -> Iterator[Leaf]:
    """The leaves that decide; tests inside a number (a bound that depends on size) are not among them."""
    if isinstance(node, LEAVES):
        yield node
    elif isinstance(node, AllOf | AnyOf | AtLeast | Not | Choose):
        for child in children(node):
            yield from leaves(child)


def names(tree: Tree) -> tuple[str, ...]:
    """The facts it speaks of, in the order written, each once; those of its scores not counted."""
    found = (part.name for part in walk(tree) if isinstance(part, Field | Is | Has | Prefix | Holds))
    return tuple(dict.fromkeys(found))


def to_data(tree: Any) -> Any:
    """JSON of the tree: ``[node, child, …]``; ids are in it, places are not. Fractions are ``"p/q"``."""
    if is_dataclass(tree):
        shown = [f.name for f in fields(tree) if f.compare]
        return [type(tree).__name__.lower(), *(to_data(getattr(tree, name)) for name in shown)]
    if isinstance(tree, tuple):
        return [to_data(part) for part in tree]
    if isinstance(tree, Fraction):
        return f"{tree.numerator}/{tree.denominator}"
    return tree.isoformat() if isinstance(tree, dt.date) else tree


def canonical(data: object) -> str:
    """One text for one content: sorted keys, no spaces."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(tree: Tree) -> str:
    """SHA-256 of the canonical form, in hexadecimal: the key under which a compiled form is kept."""
    return hashlib.sha256(canonical(to_data(tree)).encode()).hexdigest()
