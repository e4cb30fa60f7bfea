"""One condition off, as a term: the same as ``sections.is_near`` for one company.

Exactly one condition fails, all others but those a person judges are known to hold, and of what has to hold
in it exactly one part fails: a comparison that counts lacks an amount, but not by being too old.
What counts is what :mod:`qitong.policies.logic.roles` says, carried down the tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qitong.policies.engines.lowering import Lowering
from qitong.policies.engines.plan import Builder, Term
from qitong.policies.logic.gaps import INVERSE
from qitong.policies.logic.question import parts
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Choose,
    Compare,
    Node,
    Not,
    Op,
    Sum,
)
from qitong.policies.logic.units import Kind

_TIME = (Kind.MONTHS, Kind.YEARS)


def near(rule: Rule, fields: Mapping[str, FieldSpec], make: Builder, on: dt.date) -> Term:
    """Never missing."""
    return _Near(rule, make, Lowering(rule, fields, make, on)).term()


@dataclass(frozen=True, slots=True)
class _Near:
    rule: Rule
    make: Builder
    lowering: Lowering

    def term(self) -> Term:
        make, nodes = self.make, [condition.node for condition in self.rule.conditions]
        failing = [self._is(node, False) for node in nodes]
        lacking = [make.some(list(self._lacking(node, True, make.yes))) for node in nodes]
        alone = [self._alone(list(parts(node))) for node in nodes]
        one = [make.every(list(each)) for each in zip(failing, lacking, alone, strict=True)]
        only = make.no_longer(make.at_least(2, failing))
        hard = [condition.node for condition in self.rule.conditions if not condition.manual]
        clear = [make.no_longer(self._unknown(node)) for node in hard]
        return make.every([self._is(self.rule.scope, True), only, *clear, make.some(one)])

    def _alone(self, of: list[Node]) -> Term:
        """All of these are known and at most one does not hold."""
        make = self.make
        known = [make.no_longer(self._unknown(part)) for part in of]
        return make.every([*known, make.no_longer(make.at_least(2, [self._is(part, False) for part in of]))])

    def _is(self, node: Node, result: bool) -> Term:
        """Whether a node is known and so."""
        make, truth = self.make, self.lowering.truth(node)
        known = make.no_longer(make.unknown(truth))
        return make.every([known, truth if result else make.no_longer(truth)])

    def _unknown(self, node: Node) -> Term:
        return self.make.unknown(self.lowering.truth(node))

    def _lacking(self, node: Node, wanted: bool, live: Term) -> Iterator[Term]:
        """For each comparison below, whether it counts, fails, and lacks an amount that one may come to."""
        make = self.make
        match node:
            case Compare():
                yield make.every([live, self._is(node, not wanted), self._amount(node, wanted)])
            case Not(part):
                yield from self._lacking(part, not wanted, live)
            case Choose(test, then, other):
                known = make.no_longer(self._unknown(node))
                alike = make.every([known, self._unknown(test)])  # both branches say the same
                hangs = make.every([make.no_longer(known), self._unknown(test)])
                yield from self._lacking(test, True, make.every([live, hangs]))
                for part, taken in ((then, True), (other, False)):
                    counts = make.some([alike, self._is(test, taken)])
                    yield from self._lacking(part, wanted, make.every([live, counts]))
            case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
                for part in parts:
                    matters = self._matters(node, part, wanted)
                    yield from self._lacking(part, wanted, make.every([live, matters]))
            case _ if not isinstance(node, LEAVES):
                raise TypeError(type(node).__name__)

    def _matters(self, whole: Node, part: Node, wanted: bool) -> Term:
        """Not what is unknown in a group settled without it, nor what fails where another part satisfies."""
        make = self.make
        every = isinstance(whole, AllOf) is wanted and not isinstance(whole, AtLeast)
        counts = [make.yes] if every else [self._is(whole, not wanted), self._is(part, wanted)]
        known = make.no_longer(self._unknown(part))
        return make.some([self._unknown(whole), make.every([known, make.some(counts)])])

    def _amount(self, leaf: Compare, wanted: bool) -> Term:
        """Whether one that fails does so by an amount that is known: more is needed, or less of anything but
        time. What fails whatever the answer may be known to fail without its amount."""
        op = leaf.op if wanted else INVERSE[leaf.op]
        if leaf.kind is Kind.DATE or op is Op.UNEQUAL:
            return self.make.no
        share = isinstance(leaf.left, Arith) and leaf.left.op is Sum.DIV
        of = leaf.left.left if isinstance(leaf.left, Arith) and share else leaf.left
        kind = (self.rule.kind_of(of) if share else None) or leaf.kind
        exact = [of, leaf.right, *([leaf.left.right] if isinstance(leaf.left, Arith) and share else [])]
        known = [self.make.no_longer(self.lowering.missing(self.lowering.value(part))) for part in exact]
        if kind not in _TIME or op in (Op.AT_LEAST, Op.MORE):
            return self.make.every(known)
        if op is not Op.EQUAL:
            return self.make.no
        return self.make.every(
            [*known, self._is(Compare(Op.AT_MOST, leaf.left, leaf.right, leaf.kind), True)]
        )


__all__ = ["near"]
