"""The list of one company, in the order in which it is worth reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from enum import StrEnum
from fractions import Fraction

from qitong.policies.logic.explain import Explained
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.question import is_unlikely, parts
from qitong.policies.logic.reference import meaning
from qitong.policies.logic.standing import WindowState
from qitong.policies.logic.units import Kind
from qitong.policies.matching import Match, at_stake


class Section(StrEnum):
    NOW = "now"
    """The rules are met, or only a person's judgement is left."""
    ASK = "ask"
    """An answer is missing."""
    NEAR = "near"
    """One condition off."""
    NOT = "not"
    """Not for this company as things stand, or declared unsuitable."""


_FAR = dt.date.max
_TIME = (Kind.MONTHS, Kind.YEARS)


def sorted_out(matches: Iterable[Match], unsuitable: Collection[str]) -> dict[Section, list[Match]]:
    """Every match in its section: open windows first, then what may bring most, then what closes soonest."""
    found: dict[Section, list[Match]] = {section: [] for section in Section}
    for match in matches:
        found[section_of(match, unsuitable)].append(match)
    for rows in found.values():
        rows.sort(key=_order)
    return found


def section_of(match: Match, unsuitable: Collection[str] = ()) -> Section:
    outcome = match.found.outcome
    if match.entry.policy.id in unsuitable or outcome is Outcome.NOT_APPLICABLE:
        return Section.NOT
    if outcome is Outcome.UNKNOWN:
        return Section.ASK
    if outcome is Outcome.NOT_ELIGIBLE:
        return Section.NEAR if is_near(match) else Section.NOT
    return Section.NOW


def is_near(match: Match) -> bool:
    return one_off(match.found)


def one_off(found: Explained) -> bool:
    """Exactly one condition fails, by an amount (but none by being too old), and the rest is known to hold.

    What a person judges is not counted among the rest: it is asked for when the rest is there. In bulk:
    :mod:`qitong.policies.engines.near`.
    """
    failing = [told for told in found.results if told.result is False]
    if len(failing) != 1 or not found.applies or _unclear(found):
        return False
    within = [meaning(part, found.rule, found.facts) for part in parts(failing[0].condition.node)]
    if within.count(False) != 1 or None in within:
        return False
    gaps = [finding.gap for finding in failing[0].findings if finding.gap is not None]
    return any(gap.more or gap.kind not in _TIME for gap in gaps)


def unclear(match: Match) -> int:
    """Of how many conditions, besides those a person judges, something is not known yet.

    One that fails by one of its parts counts when another part, which has to hold as well, is unknown.
    """
    return _unclear(match.found)


def _unclear(found: Explained) -> int:
    return sum(
        any(meaning(part, found.rule, found.facts) is None for part in parts(told.condition.node))
        for told in found.results
        if told.result is not True and not told.condition.manual
    )


def _order(match: Match) -> tuple[bool, Fraction, dt.date, str]:
    worth = Fraction(0 if is_unlikely(match.found) else at_stake(match))
    standing = match.standing
    closed = standing.window_state is WindowState.CLOSED
    return closed, -worth, standing.deadline or _FAR, match.entry.policy.id
