"""Every rule that differs from a given one in one small thing: a bound, an operator, a code, a join.

Worked examples hold a rule when one of them comes out otherwise for each of these. A number is moved by the
smallest amount that what it is compared with can differ by; where nothing can lie so near (a share of few
persons), the same change comes again in coarser steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any

from qitong.policies.logic.rule import EVERYWHERE, Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Bands,
    Choose,
    Compare,
    Day,
    Field,
    Has,
    Holds,
    Is,
    Least,
    Most,
    Not,
    Num,
    Op,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Tree,
    children,
    walk,
)
from qitong.policies.logic.units import Kind, Number, normal

Section = tuple[str, int]
"""``applies``, ``conditions``, ``manual`` (who judges the condition), ``best`` (how parts of a score join),
``benefit``, ``figures``; ``scores`` is followed by the place of the part: see :attr:`Spot.part`."""

COARSER = (1, 10, 100, 1000, 10_000)
"""Steps of a number, in its smallest."""
# The bound itself taken in or left out; the other way round; nothing beside the bound, or both sides of it.
# The last says the same where no fact can lie on one side (points below 0): nobody is asked to hold that.
_OPS = {
    Op.AT_LEAST: (Op.MORE, Op.AT_MOST, Op.EQUAL),
    Op.MORE: (Op.AT_LEAST, Op.LESS, Op.UNEQUAL),
    Op.AT_MOST: (Op.LESS, Op.AT_LEAST, Op.EQUAL),
    Op.LESS: (Op.AT_MOST, Op.MORE, Op.UNEQUAL),
    Op.EQUAL: (Op.UNEQUAL,),
    Op.UNEQUAL: (Op.EQUAL,),
}
_ARITH = {Sum.ADD: Sum.SUB, Sum.SUB: Sum.ADD, Sum.MUL: Sum.DIV, Sum.DIV: Sum.MUL}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a rule. ``path``: which child of which, from the top of the tree at ``section``."""

    section: Section
    part: int
    """Of a score; else 0."""
    path: tuple[int, ...]
    node: Any
    """What stands there now; None where ``section`` is itself what changes."""
    band: tuple[int, int] | None = None
    """Of a number in a table of points: its row (-1: below all), and 0 for the bound or 1 for the points."""
    code: str = ""
    """The code that is left out, or taken in."""


@dataclass(frozen=True)
class Change:
    """``name`` says what was changed, for whoever reads a list of them."""

    name: str
    rule: Rule
    """As it is."""
    spot: Spot
    to: Any
    """What stands at the spot instead."""

    @cached_property
    def changed(self) -> Rule:
        """The rule with that one thing otherwise."""
        kind, index = self.spot.section
        thing = _thing(self.rule, self.spot.section)
        if kind == "manual":
            return _with(self.rule, "conditions", index, replace(thing, manual=self.to))
        if kind == "best":
            return _with(self.rule, "scores", index, replace(thing, best=self.to))
        tree = swapped(tree_at(self.rule, self.spot), self.spot.path, self.to)
        if kind == "applies":
            return replace(self.rule, applies=tree)
        if kind == "benefit":
            return replace(self.rule, benefit=replace(thing, node=tree))
        if kind == "scores":
            parts = (*thing.parts[: self.spot.part], tree, *thing.parts[self.spot.part + 1 :])
            return _with(self.rule, kind, index, replace(thing, parts=parts))
        return _with(self.rule, kind, index, replace(thing, node=tree))


Found = tuple[str, list[Any], dict[str, Any]]
Ladder = tuple[Change, ...]
"""One change in steps, the smallest first."""


def changes(rule: Rule) -> Iterator[Ladder]:
    """All that a rule can be changed in, in the order in which it is read."""
    made = _Changes(rule)
    if rule.applies is not EVERYWHERE:
        yield from made.of(("applies", 0), 0, rule.applies, None)
    for index, condition in enumerate(rule.conditions):
        yield from made.of(("conditions", index), 0, condition.node, None)
        yield made.whole(("manual", index), to=not condition.manual)
    for index, score in enumerate(rule.scores):
        for place, part in enumerate(score.parts):
            yield from made.of(("scores", index), place, part, Kind.POINTS)
        if len(score.parts) > 1:
            yield made.whole(("best", index), to=not score.best)
    yield from made.of(("benefit", 0), 0, rule.benefit.node, Kind.MONEY)
    for index, figure in enumerate(rule.figures):
        yield from made.of(("figures", index), 0, figure.node, Kind.MONEY)


def tree_at(rule: Rule, spot: Spot) -> Any:
    """The whole tree in which a spot lies."""
    thing = _thing(rule, spot.section)
    if spot.section[0] == "applies":
        return thing
    return thing.parts[spot.part] if spot.section[0] == "scores" else thing.node


def swapped(tree: Any, path: tuple[int, ...], node: Any) -> Any:  # noqa: PLR0911  one return a node
    """``tree`` with ``node`` at ``path``."""
    if not path:
        return node
    below: list[Any] = list(children(tree))
    below[path[0]] = swapped(below[path[0]], path[1:], node)
    match tree:
        case AllOf() | AnyOf() | AtLeast() | Least() | Most():
            parts: Any = tuple(below)
            return replace(tree, parts=parts)
        case Arith() | Compare():
            return replace(tree, left=below[0], right=below[1])
        case Choose():
            return Choose(*below)
        case Bands():
            return replace(tree, measure=below[0])
        case Since():
            return replace(tree, start=below[0])
    return Not(below[0])


def _thing(rule: Rule, section: Section) -> Any:
    kind, index = section
    if kind == "applies":
        return rule.applies
    if kind == "benefit":
        return rule.benefit
    return getattr(rule, {"manual": "conditions", "best": "scores"}.get(kind, kind))[index]


def _with(rule: Rule, section: str, index: int, thing: object) -> Rule:
    things = getattr(rule, section)
    changed: dict[str, Any] = {section: (*things[:index], thing, *things[index + 1 :])}
    return replace(rule, **changed)


class _Changes:
    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def whole(self, section: Section, *, to: bool) -> Ladder:
        thing = _thing(self._rule, section)
        name = f"{thing.id if section[0] == 'manual' else thing.name}: {section[0]}"
        return (Change(name, self._rule, Spot(section, 0, (), None), to),)

    def of(self, section: Section, part: int, tree: Any, kind: Kind | None) -> Iterator[Ladder]:
        """``tree`` with one change anywhere in it; ``kind``: what its bare constants are measured in."""
        thing = _thing(self._rule, section)
        title = getattr(thing, "id", None) or getattr(thing, "name", section[0])
        title = section[0] if section[0] in ("applies", "benefit") else title
        for path, node, of, grain in self._visit(tree, kind, None, ()):
            taken = _taken(tree, path)
            for name, steps, extra in self._here(node, of, grain):
                if isinstance(node, Is) and (node.name, extra["code"]) in taken:
                    continue
                spot = Spot(section, part, path, node, **extra)
                yield tuple(Change(f"{title}: {name}", self._rule, spot, to) for to in steps)

    def _visit(
        self, tree: Any, kind: Kind | None, grain: Number | None, path: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], Any, Kind | None, Number | None]]:
        yield path, tree, kind, grain
        if isinstance(tree, Compare):
            kind, grain = tree.kind, self._grain(tree)
        elif isinstance(tree, Arith) and tree.op in (Sum.MUL, Sum.DIV):
            kind, grain = None, None
        for index, below in enumerate(children(tree)):
            yield from self._visit(below, kind, grain, (*path, index))

    def _here(self, tree: Any, kind: Kind | None, grain: Number | None) -> Iterator[Found]:
        """What a node can be instead: a name, the same change in steps, and what the spot says besides."""
        match tree:
            case Num(value):
                step = grain or self._step(kind, value)
                for sign in (1, -1):
                    to = [Num(normal(value + sign * Fraction(step) * by), tree.at) for by in COARSER]
                    yield f"{value}{'+' if sign > 0 else '-'}{step}", to, {}
            case Day(value):
                for days in (1, -1):
                    yield f"{value}{days:+}", [Day(value + dt.timedelta(days=days), tree.at)], {}
            case Compare(op):
                for other in _OPS[op]:
                    yield f"{op}→{other}", [replace(tree, op=other)], {}
            case Bands():
                yield from self._bands(tree)
            case Holds() | Has() | Is() | Prefix():
                yield from self._codes(tree)
        yield from _joins(tree)

    def _codes(self, tree: Holds | Has | Is | Prefix) -> Iterator[Found]:
        match tree:
            case Holds(name):
                yield f"not {name}", [Not(tree)], {}
            case Has(name, code):
                yield f"not {name} {code}", [Not(tree)], {"code": code}
            case Is(name, codes):
                for code in [code for code, _ in self._rule.fields[name].codes] or codes:
                    other_codes = tuple(sorted(set(codes) ^ {code}))
                    yield f"{name}±{code}", [replace(tree, codes=other_codes)], {"code": code}
            case Prefix(name, prefixes):
                for code in prefixes:
                    rest = replace(tree, prefixes=tuple(it for it in prefixes if it != code))
                    yield f"{name}-{code}", [rest if rest.prefixes else Not(tree)], {"code": code}

    def _bands(self, tree: Bands) -> Iterator[Found]:
        step = Fraction(self._measured(tree.measure, tree.kind))
        for index, (bound, points) in enumerate(tree.steps):
            for sign in (1, -1):
                moved = [(normal(bound + sign * step * by), points) for by in COARSER]
                to = [_row(tree, index, row) for row in moved]
                yield f"band {bound}:{points}→{moved[0]}", to, {"band": (index, 0)}
            more = (bound, points + 1)
            yield f"band {bound}:{points}→{more}", [_row(tree, index, more)], {"band": (index, 1)}
        yield "below+1", [replace(tree, otherwise=tree.otherwise + 1)], {"band": (-1, 1)}

    def _grain(self, leaf: Compare) -> Number:
        """The smallest step by which the compared value can differ from its bound."""
        scores = [
            part for side in (leaf.left, leaf.right) for part in walk(side) if isinstance(part, ScoreOf)
        ]
        if scores:
            return self._points(scores[0])
        return self._measured(leaf.right if isinstance(leaf.left, Num) else leaf.left, leaf.kind)

    def _measured(self, node: Any, kind: Kind) -> Number:
        if isinstance(node, Field) and self._rule.fields[node.name].of.most:
            return Fraction(1, self._rule.fields[node.name].grain)
        return self._step(kind, 0)

    def _points(self, score: ScoreOf) -> Number:
        """What all points of a score have in common."""
        names = [s.name for s in self._rule.scores] if score.name == "total" else [score.name]
        found = [points for name in names for points in _points(self._rule.score(name))]
        return max(1, gcd(*found))

    @staticmethod
    def _step(kind: Kind | None, value: Number) -> Number:
        if kind is Kind.RATIO or (kind is None and -2 <= value <= 2):
            return Fraction(1, 10**6)
        return Fraction(1, 100) if kind in (Kind.YEARS, Kind.AREA) else 1


def _joins(tree: Any) -> Iterator[Found]:
    """Of a node that joins others: the other way to join them."""
    match tree:
        case AllOf(parts):
            yield "and↔or", [AnyOf(parts)], {}
        case AnyOf(parts):
            yield "and↔or", [AllOf(parts)], {}
        case AtLeast(count):
            for other in (count + 1, count - 1):
                yield f"at least {count}→{other}", [replace(tree, count=other)], {}
        case Not(part):
            yield "not dropped", [part], {}
        case Choose(test, then, other):
            yield "branches swapped", [Choose(test, other, then)], {}
        case Least(parts):
            yield "min↔max", [Most(parts)], {}
        case Most(parts):
            yield "min↔max", [Least(parts)], {}
        case Arith(op, left, right) if op in (Sum.ADD, Sum.SUB) or Num(1) not in (left, right):
            yield f"{op}→{_ARITH[op]}", [replace(tree, op=_ARITH[op])], {}


def _taken(tree: Any, path: tuple[int, ...]) -> set[tuple[str, str]]:
    """Codes that earlier tests of a chain of choices have taken, so that a later one never meets them."""
    found: set[tuple[str, str]] = set()
    for step in path:
        if isinstance(tree, Choose) and step == 2 and isinstance(tree.test, Is):
            found |= {(tree.test.name, code) for code in tree.test.codes}
        tree = children(tree)[step]
    return found


def _row(tree: Bands, index: int, row: tuple[Number, Number]) -> Bands:
    return replace(tree, steps=(*tree.steps[:index], row, *tree.steps[index + 1 :]))


def _points(tree: Tree) -> Iterator[int]:
    if isinstance(tree, Bands):
        yield from (int(points) for _, points in tree.steps)
    elif isinstance(tree, Num):
        yield int(tree.value)
    elif not isinstance(tree, LEAVES):
        for part in children(tree):
            yield from _points(part)


__all__ = ["Change", "Ladder", "Spot", "changes", "swapped", "tree_at"]
