"""Which facts are missing, exactly: those whose absence keeps a part unknown now, and no others.

A bound that depends on size needs the size first, not the facts of the branch that is not taken; a part
that is settled needs nothing. A share whose base is zero is unknown without anything missing, and so is the
time since a day that is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qitong.policies.logic.reference import meaning
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    Arith,
    Choose,
    Field,
    Has,
    Holds,
    Is,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Tree,
    children,
)


def missing(trees: Iterable[Tree], rule: Rule, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the facts to ask for, in the order written; empty when all is settled (or undefined)."""
    found = (name for tree in trees for name in _needs(tree, rule, facts))
    return tuple(dict.fromkeys(found))


def undefined(trees: Iterable[Tree], rule: Rule, facts: Mapping[str, Any]) -> tuple[Tree, ...]:
    """The bases that are zero or less, so that no share of them exists, and the days still to come."""
    return tuple(dict.fromkeys(base for tree in trees for base in _bases(tree, rule, facts)))


def _needs(tree: Tree, rule: Rule, facts: Mapping[str, Any]) -> Iterator[str]:
    for part in _open(tree, rule, facts):
        if isinstance(part, Field | Is | Has | Prefix | Holds):
            yield part.name


def _bases(tree: Tree, rule: Rule, facts: Mapping[str, Any]) -> Iterator[Tree]:
    for part in _open(tree, rule, facts):
        if isinstance(part, Arith) and part.op is Sum.DIV:
            base = meaning(part.right, rule, facts)
            if base is not None and base <= 0:
                yield part.right
        elif isinstance(part, Since) and meaning(part.start, rule, facts) is not None:
            yield part.start


def _open(tree: Tree, rule: Rule, facts: Mapping[str, Any]) -> Iterator[Tree]:
    """The tree and what is below it, as far as it is unknown and matters."""
    if meaning(tree, rule, facts) is not None:
        return
    yield tree
    below: tuple[Tree, ...] = children(tree)
    if isinstance(tree, Choose):
        test = meaning(tree.test, rule, facts)
        below = (tree.test,) if test is None else (tree.then if test else tree.other,)
    elif isinstance(tree, ScoreOf):
        below = (rule.score(tree.name),)
    for part in below:
        yield from _open(part, rule, facts)
