"""A rule with each of its small changes, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from qitong.policies.logic.changes import Change, changes, tree_at
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.tree import Arith, Bands, Compare, Field, Num, Sum, children


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """By name, each by the smallest step there is."""
    for ladder in changes(rule):
        yield ladder[0].name, ladder[0].changed


def shares(rule: Rule, most: Mapping[tuple[str, Fraction], int]) -> Iterator[Change]:
    """Each bound of a share, moved to the nearest shares below and above it that a company can have.

    Any smaller movement no company could tell, so examples that notice these notice all. ``most``: of some
    bases and bounds, what the base can be at most.
    """
    for ladder in changes(rule):
        change = ladder[0]
        node, share = change.spot.node, _share(change)
        if share is not None:
            bound, to = _bound(change, node), _bound(change, change.to)
            base = _spec(rule, share.right).name
            moved = nearest(bound, rule, share, up=to > bound, most=most.get((base, bound)))
            name = f"{change.name.split(':')[0]}: {bound}→{moved}"
            yield replace(change, name=name, to=_moved(change, moved))


def nearest(bound: Fraction, rule: Rule, share: Arith, *, up: bool, most: int | None) -> Fraction:
    """The nearest share of whole smallest amounts: n/d with n·q = p·d ± 1, and d as large as may be."""
    of, base = _spec(rule, share.left), _spec(rule, share.right)
    same = bound * of.grain / base.grain
    p, q, side = same.numerator, same.denominator, 1 if up else -1
    d = int(min(Fraction(most or base.most * base.grain), of.most * of.grain / same))
    d -= next(step for step in range(q) if (p * (d - step) + side) % q == 0)
    return Fraction((p * d + side) // q, d) * base.grain / of.grain


def _spec(rule: Rule, node: Any) -> FieldSpec:
    assert isinstance(node, Field), "how near shares of sums can lie, nobody has reckoned yet"
    return rule.fields[node.name]


def _bound(change: Change, node: Any) -> Fraction:
    return Fraction(node.steps[change.spot.band[0]][0] if change.spot.band else node.value)


def _moved(change: Change, bound: Fraction) -> Any:
    node, band = change.spot.node, change.spot.band
    if band is None:
        return Num(bound)
    n = band[0]
    return replace(node, steps=(*node.steps[:n], (bound, node.steps[n][1]), *node.steps[n + 1 :]))


def _share(change: Change) -> Arith | None:
    """The share with which the number that changes is compared; None: it is no bound of a share."""
    spot = change.spot
    if isinstance(spot.node, Bands):
        return _divided(spot.node.measure) if spot.band is not None and spot.band[1] == 0 else None
    if not isinstance(spot.node, Num):
        return None
    tree, found = tree_at(change.rule, spot), None
    for step in spot.path:
        if isinstance(tree, Compare):
            found = _divided(tree.left if step == 1 else tree.right)
        elif isinstance(tree, Arith):
            found = None
        tree = children(tree)[step]
    return found


def _divided(node: Any) -> Arith | None:
    return node if isinstance(node, Arith) and node.op is Sum.DIV else None
