"""The next question worth asking: the missing fact that stands between the company and the most benefit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from qitong.policies.logic.explain import Explained
from qitong.policies.logic.missing import missing
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.reference import meaning
from qitong.policies.logic.tree import LEAVES, AllOf, Node, Not
from qitong.policies.logic.units import Number, normal


@dataclass(frozen=True, slots=True)
class Question:
    """``settles``: policies that this answer alone decides. ``ends``: those that it alone can rule out.
    ``worth``: see :func:`questions`; it puts them in order and is no amount of money."""

    fact: str
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    ends: tuple[str, ...]
    worth: Number


def questions(explained: Iterable[Explained]) -> list[Question]:
    """All questions, the best first.

    A policy that is unknown shares what is at stake with it (:func:`stake`) equally among the facts it still
    needs; one that can rule it out alone counts twice, since a no settles it at once. A fact's worth is the
    sum of its shares. Then counts what it can rule out, what it settles alone, what it helps with, its name.
    """
    shares: defaultdict[str, Fraction] = defaultdict(Fraction)
    policies: defaultdict[str, list[Explained]] = defaultdict(list)
    ends: defaultdict[str, list[str]] = defaultdict(list)
    for found in explained:
        if found.outcome is Outcome.UNKNOWN and not is_unlikely(found):
            alone = gates(found)
            for fact in found.missing:
                times = 2 if fact in alone else 1
                shares[fact] += Fraction(stake(found)) * times / len(found.missing)
                policies[fact].append(found)
            for fact in alone:
                ends[fact].append(found.rule.id)
    made = [_question(fact, policies[fact], ends[fact], shares[fact]) for fact in policies]
    return sorted(made, key=order)


def order(question: Question) -> tuple[Number, int, int, int, str]:
    ends, settles, helps = (len(each) for each in (question.ends, question.settles, question.helps))
    return -question.worth, -ends, -settles, -helps, question.fact


def joined(one: Question, other: Question) -> Question:
    """What an answer is good for that answers both, under the name of the first."""
    settles, helps, ends = (
        tuple(sorted({*getattr(one, part), *getattr(other, part)})) for part in ("settles", "helps", "ends")
    )
    return Question(one.fact, settles, helps, ends, one.worth + other.worth)


def is_unlikely(found: Explained) -> bool:
    """Whether what is known makes it improbable, though no condition fails."""
    return meaning(found.rule.unlikely, found.rule, found.facts) is True


def stake(found: Explained) -> Number:
    """What it brings, or would where facts are missing, as far as it weighs."""
    amount = estimate(found)
    return amount * found.rule.benefit.weight


def estimate(found: Explained) -> Number:
    """Its benefit in 分; where facts are missing, its ceiling or what it comes to in its worked cases."""
    known = found.benefit
    return found.rule.benefit.typical if known is None else known


def gates(found: Explained) -> set[str]:
    """The facts that can rule it out alone: each is all that is missing of something that has to hold."""
    hard = (
        told.condition.node for told in found.results if not told.condition.manual and told.result is None
    )
    lacking = (
        missing([part], found.rule, found.facts)
        for node in (found.rule.applies, *hard)
        for part in parts(node)
        if isinstance(part.part if isinstance(part, Not) else part, LEAVES)
    )
    return {facts[0] for facts in lacking if len(facts) == 1}


def parts(node: Node) -> Iterator[Node]:
    """What must all hold, taken apart."""
    if isinstance(node, AllOf):
        for part in node.parts:
            yield from parts(part)
    else:
        yield node


def _question(fact: str, found: list[Explained], ends: list[str], share: Fraction) -> Question:
    alone = tuple(sorted(each.rule.id for each in found if each.missing == (fact,)))
    helps = tuple(sorted(each.rule.id for each in found))
    return Question(fact, alone, helps, tuple(sorted(ends)), normal(share))
