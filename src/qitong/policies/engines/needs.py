"""For each fact of a rule a column: whether its absence keeps the rule unknown; see ``logic.missing``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from qitong.policies.engines.plan import Builder, Is, Term
from qitong.policies.engines.shares import Share, Span
from qitong.policies.logic import tree as t
from qitong.policies.logic.tree import Node, Tree, Value

Needs = Iterator[tuple[str, Term]]


class Lowered(Protocol):
    """What is asked of :class:`~qitong.policies.engines.lowering.Lowering`."""

    make: Builder

    def value(self, node: Value) -> Share: ...
    def span(self, node: Value) -> Span: ...
    def truth(self, node: Node) -> Term: ...
    def score(self, name: str) -> Value: ...
    def missing(self, share: Share) -> Term: ...


def needs(lowering: Lowered, roots: list[Node]) -> tuple[tuple[str, Term], ...]:
    """For each fact, when its being missing keeps one of the roots unknown."""
    found: dict[str, list[Term]] = {}
    for root in roots:
        for name, when in _open(lowering, root, []):
            found.setdefault(name, []).append(when)
    return tuple((name, lowering.make.some(when)) for name, when in found.items())


def _open(of: Lowered, node: Tree, above: list[Term]) -> Needs:
    """``above``: what must be so for the node to matter."""
    match node:
        case t.Prefix(lenient=True):
            return
        case t.Field(name) | t.Is(name) | t.Has(name) | t.Prefix(name) | t.Holds(name):
            yield name, of.make.every([*above, of.make.unknown(_column(of, node))])
        case t.ScoreOf(name):
            yield from _open(of, of.score(name), above)
        case t.Choose(test, then, other):
            yield from _choice(of, (test, then, other), [*above, _unknown(of, node)])
        case _:
            if _may_be_settled(of, node):
                above = [*above, _unknown(of, node)]
            for part in t.children(node):
                yield from _open(of, part, above)


def _may_be_settled(of: Lowered, node: Tree) -> bool:
    """Whether it can be known although a part of it is not; all else is missing with whatever part is."""
    match node:
        case t.Bands(_, steps, otherwise):
            return {value for _, value in steps} == {otherwise}
    return isinstance(node, t.Least | t.Most | t.AllOf | t.AnyOf | t.AtLeast)


def _choice(of: Lowered, parts: tuple[Node, Tree, Tree], above: list[Term]) -> Needs:
    (test, then, other), make = parts, of.make
    holds = of.truth(test)
    known = make.no_longer(make.unknown(holds))
    yield from _open(of, test, [*above, make.unknown(holds)])
    yield from _open(of, then, [*above, known, holds])
    yield from _open(of, other, [*above, known, make.no_longer(holds)])


def _unknown(of: Lowered, node: Any) -> Term:
    if isinstance(node, (t.Compare, t.AllOf, t.AnyOf, t.AtLeast)) or _is_choice_of_truths(node):
        return of.make.unknown(of.truth(node))
    return of.missing(of.value(node))


def _column(of: Lowered, node: t.Field | t.Is | t.Has | t.Prefix | t.Holds) -> Term:
    if isinstance(node, t.Field):
        return of.value(node).number
    if isinstance(node, t.Is | t.Prefix):
        return of.make.column(node.name, Is.CODE)
    return of.truth(node)


def _is_choice_of_truths(node: Tree) -> bool:
    if not isinstance(node, t.Choose):
        return False
    while isinstance(node, t.Choose):
        node = node.then
    return isinstance(node, (*t.LEAVES, t.AllOf, t.AnyOf, t.Not, t.AtLeast))
