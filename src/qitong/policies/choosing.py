"""What could be proposed to a company: its policies, the package of its sector, what its peers use."""

from __future__ import annotations

from collections.abc import Iterator

from qitong.policies.demand import Profile
from qitong.policies.logic import package
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.package import Candidate, Thing, Why
from qitong.policies.logic.standing import WindowState
from qitong.policies.matching import Match, yearly
from qitong.policies.sections import Section

FEW = 2
"""Of a policy that lacks more answers than this, nothing is known yet that speaks for it."""


def lines_for(profile: Profile) -> tuple[Candidate, ...]:
    """The lines of a package for this company, as things stand."""
    return package.choose(
        candidates(profile), unsuitable=profile.unsuitable, had=profile.had, leads_to=profile.leads_to
    )


def candidates(profile: Profile) -> Iterator[Candidate]:
    """Everything that speaks for something; the same thing may come more than once.

    A policy of the sector's package is named only while it may still be had: what the company fails by more
    than one condition, or whose window has closed, is not offered as if it were to be had.
    """
    open_to = {m.entry.policy.id: (section, m) for section, m in _open_to(profile)}
    yield from (one for section, match in open_to.values() for one in _of_match(section, match))
    for one in profile.bundle.candidates() if profile.bundle else ():
        if one.code in (open_to if one.thing is Thing.POLICY else profile.item_names):
            yield one
    for item in profile.peers_use:
        if item in profile.item_names:
            yield Candidate(Thing.ITEM, item, Why.PEERS)


def _open_to(profile: Profile) -> Iterator[tuple[Section, Match]]:
    for section in (Section.NOW, Section.ASK, Section.NEAR):
        for match in profile.sections[section]:
            if match.standing.window_state is not WindowState.CLOSED:
                yield section, match


def _of_match(section: Section, match: Match) -> Iterator[Candidate]:
    code, worth, found = match.entry.policy.id, yearly(match) or 0, match.found
    if section is Section.NOW:
        met = found.outcome is Outcome.ELIGIBLE
        yield Candidate(Thing.POLICY, code, Why.MET if met else Why.JUDGED, worth)
    elif section is Section.NEAR:
        failing = next(told.condition.id for told in found.results if told.result is False)
        yield Candidate(Thing.POLICY, code, Why.NEAR, worth, {"condition": failing})
    elif len(found.missing) <= FEW:
        yield Candidate(Thing.POLICY, code, Why.ASK, worth, {"fact": found.missing[0]})
