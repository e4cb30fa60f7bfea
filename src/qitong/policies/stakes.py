"""What is at stake with a policy whose amount still depends on missing facts, and how much it weighs.

Only the order of questions rests on this; no company is promised it. A missing fact is no reason to count a
benefit as nothing: it counts as its ceiling or, where it has none, as the middle one of its worked cases.
"""

from __future__ import annotations

from fractions import Fraction
from statistics import median_low

from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.units import UNITS, Number, exact, normal
from qitong.policies.schema import Policy

TIME_ONLY = "deferral"
"""A benefit of time, whose amount is not money gained."""
_TIME = Fraction(1, 20)
"""A deduction taken earlier: a quarter of it is tax, put off for some years, at about 4 % a year."""
_HAD = (Outcome.ELIGIBLE, Outcome.MANUAL_REVIEW)


def typical(policy: Policy, ceiling: Number | None) -> Number:
    """What it brings where it is had, in 分; 0 for a title.

    The worked cases count, not those made from them to try a bound: these have amounts that nobody gets.
    """
    if ceiling is not None:
        return ceiling
    had = [each for each in policy.examples if each.benefit and each.expect in _HAD]
    worked = [each for each in had if each.like is None] or had
    if not worked or policy.benefit.unit == "none":
        return 0
    amounts = [exact(repr(each.benefit)) for each in worked]
    return normal(Fraction(median_low(amounts)) * UNITS[policy.benefit.unit].scale)


def weight(policy: Policy) -> Number:
    """What one 分 of its benefit counts: for a year, and for as many companies as it concerns."""
    worth = policy.reach.share * policy.benefit.period.in_a_year
    return normal(worth * _TIME if policy.benefit.type == TIME_ONLY else worth)
