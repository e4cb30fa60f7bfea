"""The next question worth asking: the missing fact that stands between the company and the most benefit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qitong.policies.logic.explain import Explained
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.units import Number, normal


@dataclass(frozen=True, slots=True)
class Question:
    """``settles``: policies that this answer alone decides. ``worth``: in 分, see :func:`questions`."""

    fact: str
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    worth: Number


def questions(explained: Iterable[Explained]) -> list[Question]:
    """All questions, the best first.

    A policy that is unknown shares its benefit equally among the facts it still needs; a fact's worth is
    the sum of its shares. Then counts what it settles alone, then what it helps with, then its name.
    """
    shares: defaultdict[str, Fraction] = defaultdict(Fraction)
    policies: defaultdict[str, list[Explained]] = defaultdict(list)
    for found in explained:
        if found.outcome is Outcome.UNKNOWN:
            for fact in found.missing:
                shares[fact] += Fraction(found.benefit or 0) / len(found.missing)
                policies[fact].append(found)
    made = [_question(fact, policies[fact], shares[fact]) for fact in policies]
    return sorted(made, key=lambda q: (-q.worth, -len(q.settles), -len(q.helps), q.fact))


def _question(fact: str, found: list[Explained], share: Fraction) -> Question:
    alone = tuple(sorted(each.rule.id for each in found if each.missing == (fact,)))
    return Question(fact, alone, tuple(sorted(each.rule.id for each in found)), normal(share))
