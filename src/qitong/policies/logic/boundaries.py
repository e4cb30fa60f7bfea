"""What no worked example holds, and the fewest further examples that would.

A change to a rule (:mod:`~qitong.policies.logic.changes`) is held when an example comes out otherwise by it.
One that no example notices is open only where facts are found by which it would be noticed: an example with
one fact put to the bound or a smallest step beside it, the others as they are or as the rest of the rule
needs them. What nothing can notice (of whole numbers, more than 9 is at least 10) is asked of nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from qitong.policies.logic.arranging import Arranger, Wish
from qitong.policies.logic.changes import Change, Ladder, Spot, changes, tree_at
from qitong.policies.logic.noticing import Case, Changed, Reading, parts
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.totals import bounded, totals
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Choose,
    Least,
    Manual,
    Most,
    Not,
    Tree,
    children,
    walk,
)

BASES = 4
"""Examples that are varied; those that come out well first."""
CANDIDATES = 4
"""Examples among which the fewest are chosen, for each change."""
TRIES = 150
"""Facts tried for each change near the examples, and as many with what the rest of the rule needs."""
MOST = 12_000
"""Facts tried for a rule in all, as far as that leaves :data:`FEWEST` for each change."""
FEWEST = 20
_FIRST = (
    Outcome.ELIGIBLE,
    Outcome.MANUAL_REVIEW,
    Outcome.NOT_ELIGIBLE,
    Outcome.UNKNOWN,
    Outcome.NOT_APPLICABLE,
)
_TRUTHS = (*LEAVES, AllOf, AnyOf, Not, AtLeast)
Made = Callable[[Mapping[str, Any]], "Case | None"]
"""A case of facts, looking at all that an example can say; None where they are no facts to write down."""


@dataclass(frozen=True)
class Open:
    """A change that nothing holds, and cases each of which would."""

    change: Change
    changed: Changed
    cases: tuple[Case, ...]


def unheld(rule: Rule, cases: Sequence[Case], bases: Sequence[Case], made: Made) -> list[Open]:
    """The changes that none of ``cases`` notices though one made from ``bases`` could.

    As long as the bases stay the same, nothing further is open once cases of each have been added.
    """
    ladders = list(changes(rule))
    search = _Search(rule, cases, bases, made, max(FEWEST, min(TRIES, MOST // 2 // len(ladders))))
    return [found for ladder in ladders if (found := search.open(ladder)) is not None]


def fewest(open_: Sequence[Open]) -> list[Case]:
    """Cases of theirs by which each is noticed; none is there that the others make needless."""
    cases = list({id(case): case for each in open_ for case in each.cases}.values())
    notices = [{n for n, each in enumerate(open_) if each.changed.noticed(case)} for case in cases]
    left, chosen = set(range(len(open_))), list[int]()
    while left:
        best = max(range(len(cases)), key=lambda n: (len(notices[n] & left), -n))
        chosen.append(best)
        left -= notices[best]
    for each in list(chosen):
        others = set[int]().union(*(notices[n] for n in chosen if n != each))
        if notices[each] <= others:
            chosen.remove(each)
    return [cases[n] for n in sorted(chosen)]


class _Search:
    def __init__(
        self, rule: Rule, cases: Sequence[Case], bases: Sequence[Case], made: Made, tries: int
    ) -> None:
        self._rule = rule
        self._cases = cases
        self._made = made
        self._reading = Reading(rule)
        self._looks = frozenset(parts(rule))
        seen = {name: [case.facts.get(name) for case in bases] for name in rule.fields}
        self._arranger = Arranger(rule, {name: list(dict.fromkeys(values)) for name, values in seen.items()})
        ranked = sorted(bases, key=lambda case: _FIRST.index(case.outcome))
        self._bases = [case.facts for case in ranked[:BASES]]
        self._tries = tries

    def open(self, ladder: Ladder) -> Open | None:
        """The smallest step of it that could be noticed, when no example does."""
        first = Changed(ladder[0])
        if self._held(first):
            return None
        tried: list[Case] = []
        if found := self._noticing(first, self._tried(ladder[0], tried)):
            return Open(ladder[0], first, found)
        for step in ladder[1:]:
            changed = Changed(step)
            if self._held(changed):
                return None
            if found := self._noticing(changed, tried):
                return Open(step, changed, found)
        return None

    def _held(self, changed: Changed) -> bool:
        """Latest first: the examples at the edges stand last and notice most."""
        return any(changed.noticed(case) for case in reversed(self._cases))

    def _noticing(self, changed: Changed, tried: Iterable[Case]) -> tuple[Case, ...]:
        """The first of those tried that notice it, and can be written down as examples."""
        written = (self._made(case.facts) for case in tried if changed.noticed(case))
        return tuple(islice((it for it in written if it is not None and changed.noticed(it)), CANDIDATES))

    def _tried(self, change: Change, tried: list[Case]) -> Iterator[Case]:
        """Facts worth a try, each noted in ``tried`` as well."""
        for facts in self._facts(change):
            tried.append(Case(self._reading, facts, self._looks))
            yield tried[-1]

    def _facts(self, change: Change) -> Iterator[Mapping[str, Any]]:
        """From near to far: an example as it is, with one fact otherwise, with what the rest needs."""
        trees = list(_trees(change))
        names = self._arranger.names(trees)
        yield from islice(self._near(change, names, trees), self._tries)
        yield from islice(self._adding_up(change), self._tries)
        yield from islice(self._far(change, names, trees), self._tries)
        yield from islice(self._chosen(change, names, trees), self._tries)

    def _near(self, change: Change, names: list[str], trees: list[Tree]) -> Iterator[Mapping[str, Any]]:
        yield from self._bases
        for base in self._bases:
            yield from self._varied(base, names, trees, change)

    def _adding_up(self, change: Change) -> Iterator[Mapping[str, Any]]:
        """Scores with just the points of a bound, and what goes with them as it needs to be."""
        above = [] if change.spot.node is None else [tree for tree, _ in _above(change.rule, change.spot)]
        bound = bounded(change.spot.node, above)
        if bound is None:
            return
        scored = frozenset(self._arranger.names([score.node for score in self._rule.scores]))
        self._arranger.begin()
        for base in self._bases[:2]:
            for facts in totals(self._rule, self._arranger, bound, self._arranger.whole(base)):
                for wishes in _wishes(self._rule, change.spot):
                    yield from islice(self._arranger.arranged(wishes, facts, scored), 1)

    def _far(self, change: Change, names: list[str], trees: list[Tree]) -> Iterator[Mapping[str, Any]]:
        self._arranger.begin()
        for base in self._bases[:2]:
            for wishes in _wishes(self._rule, change.spot):
                for facts in self._arranger.arranged(wishes, self._arranger.whole(base), frozenset()):
                    apart = self._apart(change, facts)
                    yield apart
                    for name, value in self._values(apart, names, trees, change):
                        varied = {**apart, name: value}
                        yield from islice(self._arranger.arranged(wishes, varied, frozenset([name])), 1)

    def _chosen(self, change: Change, names: list[str], trees: list[Tree]) -> Iterator[Mapping[str, Any]]:
        """What a test chooses shows only where the chosen numbers differ: two facts have to be right."""
        above = [] if change.spot.node is None else list(_above(change.rule, change.spot))
        tests = [tree.test for tree, step in above if step == 0 and isinstance(tree, Choose)]
        own = self._arranger.names(tests[-1:])
        for base in self._bases[: 2 if tests else 0]:
            for varied in self._varied(self._arranger.whole(base), own, tests[-1:], change):
                yield from self._varied(varied, [name for name in names if name not in own], trees, change)

    def _varied(
        self, base: Mapping[str, Any], names: Iterable[str], trees: Sequence[Tree], change: Change
    ) -> Iterator[Mapping[str, Any]]:
        yield from ({**base, name: value} for name, value in self._values(base, names, trees, change))

    def _values(
        self, base: Mapping[str, Any], names: Iterable[str], trees: Sequence[Tree], change: Change
    ) -> Iterator[tuple[str, Any]]:
        missing = [None] if change.spot.section[0] == "manual" else []
        for name in names:
            for value in (*self._arranger.values(name, trees, base), *missing):
                yield name, value

    def _apart(self, change: Change, facts: dict[str, Any]) -> dict[str, Any]:
        """What stands beside the spot in a least or best of several is put where it does not count."""
        if change.spot.node is None:
            return facts
        for tree, step in _above(change.rule, change.spot):
            if isinstance(tree, Least | Most):
                kept = frozenset(self._arranger.names([tree.parts[step]]))
                for n, part in enumerate(tree.parts):
                    if n != step:
                        facts = self._arranger.extreme(part, facts, kept, most=isinstance(tree, Least))
        return facts


def _trees(change: Change) -> Iterator[Tree]:
    """The tree in which something changes, as it is and as it would be."""
    kind, index = change.spot.section
    if kind == "manual":
        yield change.rule.conditions[index].node
    elif kind == "best":
        yield from (change.rule.scores[index].node, change.changed.scores[index].node)
    else:
        yield from (tree_at(change.rule, change.spot), tree_at(change.changed, change.spot))


def _above(rule: Rule, spot: Spot) -> Iterator[tuple[Tree, int]]:
    """What stands above a spot, from the top, and which child leads to it."""
    if spot.section[0] == "scores" and len(rule.scores[spot.section[1]].parts) > 1:
        score = rule.scores[spot.section[1]]
        if score.best:
            yield score.node, spot.part
    tree = tree_at(rule, spot)
    for step in spot.path:
        yield tree, step
        tree = children(tree)[step]


def _wishes(rule: Rule, spot: Spot) -> Iterator[list[Wish]]:
    """What the rest of the rule has to come to so that a spot decides: one way after the other."""
    kind, index = spot.section
    whole: list[Wish] = []
    if kind in ("conditions", "manual"):
        others = [it for n, it in enumerate(rule.conditions) if n != index]
        whole = [(rule.scope, True), *((it.node, True) for it in others if not it.manual or _known(it.node))]
    if kind == "best":
        yield whole
        return
    if kind == "manual":
        yield [*whole, (rule.conditions[index].node, True)]
        yield whole
        return
    ways: list[list[Wish]] = [[]]
    for tree, step in _above(rule, spot):
        ways = [[*way, *more] for way in ways for more in _beside(tree, step)][:4]
    for way in ways:
        for own in _within(spot.node):
            yield [*whole, *way, *own]


def _known(node: Tree) -> bool:
    """Whether facts alone can settle it."""
    return not any(isinstance(part, Manual) for part in walk(node))


def _beside(tree: Tree, step: int) -> list[list[Wish]]:
    """What must hold beside a child so that the tree above turns with it."""
    match tree:
        case AllOf(parts) | AnyOf(parts):
            return [[(part, isinstance(tree, AllOf)) for n, part in enumerate(parts) if n != step]]
        case AtLeast(count, parts):
            others = [part for n, part in enumerate(parts) if n != step]
            return [[(part, n < count - 1) for n, part in enumerate(others)]]
        case Choose(test, then, other):
            if step:
                return [[(test, step == 1)]]
            if isinstance(then, _TRUTHS):
                return [[(then, True), (other, False)], [(then, False), (other, True)]]
    return [[]]


def _within(node: Any) -> list[list[Wish]]:
    """What its own parts must come to so that a join shows which one it is."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return [[(part, (n == one)) for n, part in enumerate(parts)] for one in (0, len(parts) - 1)]
        case AtLeast(count, parts):
            return [[(part, n < held) for n, part in enumerate(parts)] for held in (count, count - 1)]
        case Choose(_, then, other) if isinstance(then, _TRUTHS):
            return [[(then, True), (other, False)], [(then, False), (other, True)]]
    return [[]]


__all__ = ["Open", "fewest", "unheld"]
