"""One company against a large library: conditions of one shape are decided together, as sets of policies.

Policies differ mostly in their bounds. Conditions that are alike but for the bounds form a family: what it
compares is computed once for the company, each bound's policies are found by bisection, and the family's
logic is done on sets. The answer is exact, three-valued and the same as the reference's; policies are
explained one by one only when they are shown. Nothing here needs a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from qitong.policies.engines.planes import (
    Bounds,
    Planes,
    Result,
    at_least,
    bits,
    both,
    chosen,
    either,
    of_places,
    spread,
    swapped,
)
from qitong.policies.logic.closures import Compiler, Decide, Worth
from qitong.policies.logic.explain import Explained, Matcher
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import EVERYWHERE, NEVER, Benefit, Period, Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Leaf,
    Node,
    Not,
    Num,
    Op,
    Place,
    ScoreOf,
    Tree,
    Value,
    children,
)
from qitong.policies.logic.units import Number

HARD, MANUAL, SCOPE, UNLIKELY = "hard", "manual", "scope", "unlikely"
MATCHERS = 4096
"""Policies whose explainers are kept; another one is compiled when it is shown, in about 0.3 ms."""
NO_RULE = Rule("", {}, (), (), Benefit(Num(0), "none", Period.ONCE))
"""What bare trees are evaluated with: their scores are written out, so nothing is asked of it."""


class Slot(NamedTuple):
    """A leaf of a family whose bound is each policy's own; ``measure`` numbers what is compared."""

    op: Op
    measure: int
    bounds: Bounds


class Seen(NamedTuple):
    """A node of a family with what it came to."""

    node: Tree
    result: Result
    parts: tuple[Seen, ...]
    what: int
    """Of a leaf: the number of its measure or of the leaf itself."""


@dataclass(slots=True)
class Family:
    """Conditions of one shape in one role. ``node``: the shape, with 0 for each bound."""

    role: str
    node: Node
    leaves: list[Slot | int]
    waiting: list[int] = field(default_factory=list)
    members: int = 0


class Index:
    """A library by sets. ``add`` and ``remove`` take effect at the next question."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules: list[Rule] = []
        self._families: dict[tuple[str, Node, int], Family] = {}
        self._measures: dict[Tree, int] = {}
        self._worths: list[Worth] = []
        self._leaves: dict[Leaf, int] = {}
        self._decides: list[Decide] = []
        self.benefits: dict[Value, list[int]] = {}
        self._paid: dict[Value, tuple[Worth, int, int]] = {}
        self._at_stake: dict[tuple[Value, Number, Number], tuple[list[int], int, int]] = {}
        self._gone: set[int] = set()
        self._touched: list[Family] = []
        self._with_manual = 0
        self._manual_places: list[int] = []
        self._by_id: dict[str, int] = {}
        self._compiler = Compiler(NO_RULE)
        self._matcher = lru_cache(MATCHERS)(lambda place: Matcher(self.rules[place]))
        for rule in rules:
            self.add(rule)

    def add(self, rule: Rule) -> None:
        """Another policy; one of the same id is replaced."""
        self.remove(rule.id)
        place = len(self.rules)
        self.rules.append(rule)
        self._by_id[rule.id] = place
        if rule.scope is not EVERYWHERE:
            self._place(place, SCOPE, list(_parts(bare(rule.scope, rule))))
        if rule.unlikely is not NEVER:
            self._place(place, UNLIKELY, [bare(rule.unlikely, rule)])
        for manual, role in ((False, HARD), (True, MANUAL)):
            nodes = [bare(c.node, rule) for c in rule.conditions if c.manual is manual]
            self._place(place, role, [part for node in nodes for part in _parts(node)])
        if any(condition.manual for condition in rule.conditions):
            self._manual_places.append(place)
        benefit = bare(rule.benefit.node, rule)
        self.benefits.setdefault(benefit, []).append(place)
        key = (benefit, rule.benefit.typical, rule.benefit.weight)
        self._at_stake.setdefault(key, ([], 0, 0))[0].append(place)

    def remove(self, rule_id: str) -> None:
        place = self._by_id.pop(rule_id, None)
        if place is not None:
            self._gone.add(place)

    def ask(self, facts: Mapping[str, Any]) -> Answer:
        """What the library comes to for a company; ``facts`` as for the reference."""
        self._prepare()
        return Answer(self, facts)

    def by_worth(self, facts: Mapping[str, Any]) -> dict[Number | None, int]:
        """For each amount that some policy would bring the company, those that do; None: unknown."""
        found: dict[Number | None, int] = {}
        for benefit in self.benefits:
            worth, _, members = self._payment(benefit)
            amount = worth(facts)
            found[amount] = found.get(amount, 0) | members
        return found

    def _payment(self, benefit: Value) -> tuple[Worth, int, int]:
        """The amount, compiled once; how many policies bring it, and which."""
        places, known = self.benefits[benefit], self._paid.get(benefit)
        if known is None or known[1] != len(places):
            worth = self._compiler.worth(benefit) if known is None else known[0]
            known = self._paid[benefit] = (worth, len(places), of_places(places, len(self.rules)))
        return known

    def by_stake(self, facts: Mapping[str, Any]) -> dict[Number, int]:
        """For each amount that may be at stake for the company (as :func:`question.stake`), the policies."""
        found: dict[Number, int] = {}
        for key, (places, count, before) in self._at_stake.items():
            members = before if count == len(places) else of_places(places, len(self.rules))
            self._at_stake[key] = (places, len(places), members)
            benefit, typical, weight = key
            amount = self._payment(benefit)[0](facts)
            stake = (typical if amount is None else amount) * weight
            found[stake] = found.get(stake, 0) | members
        return found

    def matcher(self, place: int) -> Matcher:
        """The explainer of a policy."""
        return self._matcher(place)

    # ---- making it

    def _place(self, place: int, role: str, nodes: list[Node]) -> None:
        again: dict[Node, int] = {}
        for node in nodes:
            bounds: list[Number] = []
            shape = _shape(node, bounds)
            nth = again[shape] = again.get(shape, -1) + 1
            key = (role, shape, nth)
            family = self._families.get(key)
            if family is None:
                family = self._families[key] = Family(role, shape, self._leaves_of(shape))
            family.waiting.append(place)
            self._touched.append(family)
            slots = [leaf for leaf in family.leaves if isinstance(leaf, Slot)]
            for slot, bound in zip(slots, bounds, strict=True):
                slot.bounds.add(place, bound)

    def _leaves_of(self, node: Node) -> list[Slot | int]:
        found: list[Slot | int] = []
        for leaf in _leaves(node):
            if isinstance(leaf, Compare) and isinstance(leaf.right, Num):
                found.append(Slot(leaf.op, self._measure(leaf.left), Bounds()))
            else:
                number = self._leaves.setdefault(leaf, len(self._leaves))
                if number == len(self._decides):
                    self._decides.append(self._compiler.decide(leaf))
                found.append(number)
        return found

    def _measure(self, value: Value) -> int:
        number = self._measures.setdefault(value, len(self._measures))
        if number == len(self._worths):
            self._worths.append(self._compiler.worth(value))
        return number

    def _prepare(self) -> None:
        size = len(self.rules)
        for family in self._touched:
            if family.waiting:
                family.members |= of_places(family.waiting, size)
                family.waiting = []
        self._touched = []
        self._with_manual |= of_places(self._manual_places, size)
        self._manual_places = []


class Answer:
    """What a library came to for one company: sets of places in ``index.rules``."""

    def __init__(self, index: Index, facts: Mapping[str, Any]) -> None:
        self._index = index
        self.facts = facts
        everything = ((1 << len(index.rules)) - 1) ^ of_places(index._gone, len(index.rules))
        self._values = [_ASK] * len(index._worths)
        self._truths: list[Any] = [_ASK] * len(index._decides)
        self.open_families: list[tuple[int, Seen]] = []
        failed = outside = undecided = self.unlikely = 0
        for family in index._families.values():
            seen = self._see(family.node, iter(family.leaves), family.members)
            if family.role == UNLIKELY:
                self.unlikely |= spread(seen.result, family.members).yes
                continue
            no, still = _sets(seen.result, family.members)
            if family.role == SCOPE:
                outside |= no
            else:
                failed |= no
            if family.role != MANUAL and still:
                undecided |= still
                self.open_families.append((family.members, seen))
        self.not_applicable = everything & outside
        self.not_eligible = everything & failed & ~outside
        self.unknown = everything & undecided & ~(failed | outside)
        granted = everything & ~(failed | outside | undecided)
        self.manual_review = granted & index._with_manual
        self.eligible = granted ^ self.manual_review

    def outcome(self, place: int) -> Outcome:
        bit = 1 << place
        for outcome in Outcome:
            if getattr(self, outcome.value) & bit:
                return outcome
        raise LookupError(f"no policy at {place}")

    @cached_property
    def by_worth(self) -> dict[Number | None, int]:
        """For each amount in 分, the policies that would bring it if granted; None: a fact is missing."""
        return self._index.by_worth(self.facts)

    @cached_property
    def by_stake(self) -> dict[Number, int]:
        """What is at stake, and the policies with which it is."""
        return self._index.by_stake(self.facts)

    def of_places(self, places: Iterable[int]) -> int:
        return of_places(places, len(self._index.rules))

    def top(self, count: int) -> list[Explained]:
        """Of the policies to be had those that bring most, explained; of equal ones the first."""
        worths = {worth or 0: 0 for worth in self.by_worth}
        for worth, places in self.by_worth.items():
            worths[worth or 0] |= places & (self.eligible | self.manual_review)
        best = (place for worth in sorted(worths, reverse=True) for place in bits(worths[worth]))
        return [self._index.matcher(place).explain(self.facts) for place in islice(best, count)]

    def _see(self, node: Node, leaves: Any, members: int) -> Seen:
        if isinstance(node, LEAVES):
            return self._see_leaf(node, next(leaves))
        branches: tuple[Any, ...] = children(node)
        parts = tuple(self._see(part, leaves, members) for part in branches)
        return Seen(node, _joined(node, [part.result for part in parts], members), parts, -1)

    def _see_leaf(self, node: Leaf, leaf: Slot | int) -> Seen:
        if isinstance(leaf, int):
            if self._truths[leaf] is _ASK:
                self._truths[leaf] = self._index._decides[leaf](self.facts)
            return Seen(node, self._truths[leaf], (), leaf)
        if self._values[leaf.measure] is _ASK:
            self._values[leaf.measure] = self._index._worths[leaf.measure](self.facts)
        value = self._values[leaf.measure]
        result = None if value is None else leaf.bounds.compare(leaf.op, value)
        return Seen(node, result, (), leaf.measure)


_ASK: Any = object()


def _sets(result: Result, members: int) -> tuple[int, int]:
    """Those for whom it does not hold, and those for whom it is unknown."""
    planes = spread(result, members)
    return planes.no, members ^ (planes.yes | planes.no)


def _joined(node: Tree, of: list[Result], members: int) -> Result:
    match node:
        case AllOf():
            return both(of, members)
        case AnyOf():
            return either(of, members)
        case Not():
            return swapped(of[0])
        case AtLeast(count):
            return at_least(count, of, members)
    return chosen(of[0], of[1], of[2], members)


def bare(tree: Any, rule: Rule) -> Any:
    """The tree without ids, its scores written out: alike where it decides alike."""
    if isinstance(tree, ScoreOf):
        return bare(rule.score(tree.name), rule)
    changed: dict[str, Any] = {}
    for each in fields(tree):
        value = getattr(tree, each.name)
        if each.name == "id":
            changed["id"] = ""
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changed[each.name] = tuple(bare(part, rule) for part in value)
        elif is_dataclass(value) and not isinstance(value, Place):
            changed[each.name] = bare(value, rule)
    return replace(tree, **changed) if changed else tree


def _parts(node: Node) -> tuple[Node, ...]:
    """What must all hold, taken apart, so that each part finds its family."""
    if isinstance(node, AllOf):
        return tuple(part for each in node.parts for part in _parts(each))
    return (node,)


def _leaves(node: Tree) -> Iterable[Any]:
    if isinstance(node, LEAVES):
        yield node
    else:
        for part in children(node):
            yield from _leaves(part)


def _shape(node: Any, bounds: list[Number]) -> Any:
    """The node with 0 for each bound; the bounds are noted in order."""
    if isinstance(node, LEAVES):
        if isinstance(node, Compare) and isinstance(node.right, Num):
            bounds.append(node.right.value)
            return replace(node, right=Num(0))
        return node
    match node:
        case AllOf(parts) | AnyOf(parts):
            return type(node)(tuple(_shape(part, bounds) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(_shape(part, bounds) for part in parts))
        case Not(part):
            return Not(_shape(part, bounds))
        case Choose(test, then, other):
            return Choose(_shape(test, bounds), _shape(then, bounds), _shape(other, bounds))
    raise TypeError(type(node).__name__)


__all__ = ["Answer", "Index", "Planes", "Seen", "bare"]
