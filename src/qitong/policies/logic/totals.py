"""Facts by which the scores of a rule add up to just so many points.

A total seldom comes to its bound by one fact alone: 60 of 100 points want one score at 20 and another at 40.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from qitong.policies.logic.arranging import Arranger
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Compare, ScoreOf, Tree

Facts = Mapping[str, Any]
SUMS = 5
"""Numbers of points nearest to the bound that are worth a try: at it, and on both sides."""
EACH = 60
"""Ways of each number of points."""
MOST = 12
"""Points of a score that are combined with those of others."""


def bounded(node: Tree | None, above: list[Tree]) -> Compare | None:
    """The comparison of a score that a spot is, or stands in."""
    found = next((it for it in (node, *reversed(above)) if isinstance(it, Compare)), None)
    return found if found is not None and _score_of(found) is not None else None


def totals(rule: Rule, arranger: Arranger, bound: Compare, facts: Facts) -> Iterator[dict[str, Any]]:
    """Facts with points around the bound of that score, the nearest first; the more in all, the sooner."""
    score = _score_of(bound)
    to = arranger.worth(bound.right if bound.left == score else bound.left, facts)
    if score is None or to is None:
        return
    ways = [list(islice(_ways(arranger, it.node, facts).values(), MOST)) for it in rule.scores]
    place = next((n for n, it in enumerate(rule.scores) if it.name == score.name), None)
    groups: dict[Any, list[tuple[Any, dict[str, Any]]]] = {}
    for combined in product(*ways):
        total = sum(points for points, _ in combined)
        own = {name: it for _, way in combined for name, it in way.items()}
        groups.setdefault(total if place is None else combined[place][0], []).append((total, own))
    for points in sorted(groups, key=lambda it: abs(it - to))[:SUMS]:
        for _, own in sorted(groups[points], key=lambda it: it[0], reverse=True)[:EACH]:
            found = {**facts, **own}
            if arranger.worth(score, found) == points:  # scores may share a fact
                yield found


def _score_of(bound: Compare) -> ScoreOf | None:
    return next((side for side in (bound.left, bound.right) if isinstance(side, ScoreOf)), None)


def _ways(arranger: Arranger, node: Tree, facts: Facts) -> dict[Any, tuple[Any, dict[str, Any]]]:
    """For each number of points that one or two facts of a score can bring it to: these, and the facts."""
    found: dict[Any, tuple[Any, dict[str, Any]]] = {}
    points = arranger.worth(node, facts)
    if points is not None:
        found[points] = (points, {})
    for _ in range(2):
        for _, own in list(found.values()) or [(None, {})]:
            for name in arranger.names([node]):
                for value in arranger.values(name, [node], {**facts, **own}):
                    points = arranger.worth(node, {**facts, **own, name: value})
                    if points is not None:
                        found.setdefault(points, (points, {**own, name: value}))
    return found


__all__ = ["bounded", "totals"]
