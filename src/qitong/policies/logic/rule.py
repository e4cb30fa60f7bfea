"""A policy as the engines see it: what it asks, its conditions, scores and benefit, as typed trees.

Made by :mod:`qitong.policies.compiling` from checked YAML; everything else reads it. Nothing here knows
documents, windows or titles: those are in :mod:`qitong.policies.schema`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from itertools import count
from typing import Any

from qitong.kernel.words import Named
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Bands,
    Choose,
    Compare,
    Field,
    Least,
    Most,
    Node,
    Not,
    Num,
    Op,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Tree,
    Truth,
    Value,
    canonical,
    children,
    names,
    to_data,
)
from qitong.policies.logic.units import UNITS, Kind, Number, Unit

TOTAL = "total"
DISTRICT = "district"
"""The fact that says where a company is: a division code of six digits."""
EVERYWHERE = Truth(True, "applies")
"""The scope of a policy that names none."""
NEVER = Truth(False, "unlikely")
"""Of a policy of which nobody has said with whom it is unlikely."""


class Period(StrEnum):
    """How often a benefit comes."""

    ONCE = "once"
    YEAR = "year"
    MONTH = "month"

    @property
    def in_a_year(self) -> int:
        """How often it comes in the year for which benefits are weighed."""
        return 12 if self is Period.MONTH else 1


class Reach(StrEnum):
    """Whom a policy concerns at all, as its editors judge: only the order of questions rests on it."""

    COMMON = "common"
    SOME = "some"
    RARE = "rare"

    @property
    def share(self) -> Fraction:
        """Of companies of which nothing is known yet: orders of magnitude, no statistics."""
        return _SHARES[self]


_SHARES = {Reach.COMMON: Fraction(1, 2), Reach.SOME: Fraction(1, 6), Reach.RARE: Fraction(1, 50)}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A fact that a policy asks for. ``least`` and ``most`` are in base units (分 for money)."""

    name: str
    unit: str
    label: Named
    question: Named
    codes: tuple[tuple[str, Named], ...] = ()
    least: Number = 0
    most: Number = 0
    places: int = 0
    period: str = ""
    same_as: str = ""
    """The fact that this one is under another name; empty when it is none."""
    opposite: bool = False
    """It is yes exactly where ``same_as`` is no."""

    @property
    def kind(self) -> Kind:
        return UNITS[self.unit].kind

    @property
    def of(self) -> Unit:
        return UNITS[self.unit]

    @property
    def grain(self) -> int:
        """How many of the smallest amounts a store keeps make one base unit (1 for 分, 10**6 for ratios)."""
        return max(1, int(10**self.places) // self.of.scale)


@dataclass(frozen=True, slots=True)
class Condition:
    id: str
    node: Node
    manual: bool
    text: str
    """As written, for authors; people are shown sentences made from the tree."""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """``parts`` are added, or the best of them counts; a single part is the score itself."""

    name: str
    label: Named
    maximum: Number
    parts: tuple[Value, ...]
    best: bool = False

    @property
    def node(self) -> Value:
        if len(self.parts) == 1:
            return self.parts[0]
        return Most(self.parts) if self.best else _sum(self.parts)


@dataclass(frozen=True, slots=True)
class Benefit:
    """What the policy brings, in 分; 0 where it is no money (a title). Shown in ``unit``.

    The ceiling is already in the tree; it is named here to be told. ``typical``: what it comes to where facts
    are missing (:mod:`qitong.policies.stakes`). ``weight``: what one 分 of it counts when questions are put
    in order.
    """

    node: Value
    unit: str
    period: Period
    ceiling: Number | None = None
    typical: Number = 0
    weight: Number = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A further amount of money, in 分, such as what remains payable."""

    name: str
    label: Named
    node: Value


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    fields: Mapping[str, FieldSpec]
    conditions: tuple[Condition, ...]
    scores: tuple[Score, ...]
    benefit: Benefit
    figures: tuple[Figure, ...] = ()
    applies: Node = EVERYWHERE
    unlikely: Node = NEVER
    region: str = ""
    """What the code of a company's district begins with where it holds; empty: everywhere."""

    @property
    def scope(self) -> Node:
        """To whom it applies at all: as its author says, and within its region.

        Where the district is not known the region is taken to be right. A policy whose conditions ask for the
        district themselves judges it by them.
        """
        if not self.region or any(DISTRICT in names(c.node) for c in self.conditions):
            return self.applies
        within = Prefix(DISTRICT, (self.region,), "region", lenient=True)
        return within if self.applies is EVERYWHERE else AllOf((self.applies, within))

    @property
    def judged(self) -> tuple[str, ...]:
        """The facts that its scope, conditions and scores speak of, in that order."""
        trees: list[Tree] = [self.scope, *(condition.node for condition in self.conditions)]
        trees += [score.node for score in self.scores]
        return _names(trees)

    @property
    def asked(self) -> tuple[str, ...]:
        """The facts it speaks of: those it judges by, then those of its benefit."""
        benefit = _names([self.benefit.node, *(figure.node for figure in self.figures)])
        return tuple(dict.fromkeys((*self.judged, *benefit)))

    def score(self, name: str) -> Value:
        """The tree of a score; the total is the sum of all."""
        if name == TOTAL:
            return _sum(tuple(ScoreOf(score.name) for score in self.scores))
        return next(score.node for score in self.scores if score.name == name)

    def kind_of(self, node: Tree) -> Kind | None:
        """What a number of this rule is measured in; None: a bare number."""
        match node:
            case Field(name):
                return self.fields[name].kind
            case ScoreOf():
                return Kind.POINTS
            case Since(_, unit):
                return unit
            case Arith(op, left, right):
                return _joined(op, self.kind_of(left), self.kind_of(right))
            case Least() | Most() | Choose():
                return next((kind for part in children(node) if (kind := self.kind_of(part))), None)
        return None

    def to_data(self) -> dict[str, Any]:
        """What decides, as JSON: two policies that decide alike have the same."""
        return {
            "applies": to_data(self.scope),
            "conditions": [[c.id, c.manual, to_data(c.node)] for c in self.conditions],
            "scores": {score.name: to_data(score.node) for score in self.scores},
            "benefit": to_data(self.benefit.node),
            "figures": {figure.name: to_data(figure.node) for figure in self.figures},
        }

    @property
    def digest(self) -> str:
        """SHA-256 over :meth:`to_data`, in hexadecimal."""
        return hashlib.sha256(canonical(self.to_data()).encode()).hexdigest()


def _joined(op: Sum, left: Kind | None, right: Kind | None) -> Kind | None:
    plain = (None, Kind.RATIO)
    if op in (Sum.ADD, Sum.SUB):
        return left or right
    if op is Sum.DIV:
        return left if right in plain else Kind.RATIO
    if left in plain:
        return right or left
    return left if right in plain or left in (Kind.MONEY, Kind.POINTS) else right


def _sum(parts: tuple[Value, ...]) -> Value:
    if not parts:
        return Num(0)
    return reduce(lambda left, right: Arith(Sum.ADD, left, right), parts)


def number_leaves(node: Node, prefix: str) -> Node:
    """Give every leaf its id: the condition's own when it has one leaf, else ``C2.1``, ``C2.2``.

    Tests inside a number, which choose a bound, are ``C5.if1``, ``C5.if2``.
    """
    single = isinstance(node, LEAVES) or (isinstance(node, Not) and isinstance(node.part, LEAVES))
    outer, inner = count(1), count(1)

    def named(tree: Tree, *, inside: bool) -> Any:
        if isinstance(tree, LEAVES):
            own = f"{prefix}.if{next(inner)}" if inside else prefix if single else f"{prefix}.{next(outer)}"
            if isinstance(tree, Compare):
                tree = replace(tree, left=named(tree.left, inside=True), right=named(tree.right, inside=True))
            return replace(tree, id=own)
        return _rebuilt(tree, lambda part: named(part, inside=inside))

    numbered: Node = named(node, inside=False)
    return numbered


def number_tests(value: Value, prefix: str) -> Value:
    """The same for a number (a score, a benefit): its tests are ``prefix.if1`` and so on."""
    probe = number_leaves(Compare(Op.EQUAL, value, Num(0), Kind.RATIO), prefix)
    assert isinstance(probe, Compare)  # noqa: S101  a comparison stays one
    return probe.left


def _rebuilt(tree: Tree, change: Any) -> Tree:  # noqa: PLR0911  one return a node
    match tree:
        case AllOf() | AnyOf() | AtLeast() | Least() | Most():
            parts: Any = tuple(change(part) for part in tree.parts)
            return replace(tree, parts=parts)
        case Not(part):
            return Not(change(part))
        case Choose(test, then, other):
            return Choose(change(test), change(then), change(other))
        case Arith(op, left, right):
            return Arith(op, change(left), change(right))
        case Bands(measure):
            return replace(tree, measure=change(measure))
        case Since(start, unit):
            return Since(change(start), unit)
    return tree


def _names(trees: Iterable[Tree]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for tree in trees for name in names(tree)))
