"""One company against a library on a day: every policy explained, choices solved, the next question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies.features import derived
from qitong.policies.library import Entry, Library
from qitong.policies.logic.choice import Group, best
from qitong.policies.logic.explain import Explained
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.question import Question, estimate, questions
from qitong.policies.logic.standing import Standing
from qitong.policies.logic.units import Number
from qitong.policies.stakes import TIME_ONLY


@dataclass(frozen=True, slots=True)
class Match:
    entry: Entry
    standing: Standing
    found: Explained


def match(
    library: Library, facts: Mapping[str, Any], on: dt.date, *, only: Collection[str] = ()
) -> list[Match]:
    """Every policy in force on ``on``, or exactly those named by ``only``, in force or not."""
    only = tuple(dict.fromkeys(only))
    for name in only:
        if name not in library.entries:
            raise Refused(say("没有代码为{id}的政策。", id=name), code="not_found", field="policy")
    known = derived(facts, on, library)
    entries = [library.entries[name] for name in only] if only else library.in_force(on)
    return [Match(entry, entry.standing(on), entry.matcher.explain(known)) for entry in entries]


def choices(library: Library, matches: Collection[Match]) -> tuple[Group, ...]:
    """The best set among those of ``matches`` that exclude each other and that the company may get."""
    possible = (Outcome.ELIGIBLE, Outcome.MANUAL_REVIEW)
    worth = {m.entry.policy.id: yearly(m) for m in matches if m.found.outcome in possible}
    return best(worth, sorted(library.conflicts))


def yearly(match: Match) -> Number | None:
    """What a policy brings in a year, in 分; 0 for a title or a gain of time, None when a fact is missing."""
    benefit = match.entry.policy.benefit
    if benefit.type == TIME_ONLY:
        return 0
    worth = match.found.benefit
    return None if worth is None else worth * benefit.period.in_a_year


def at_stake(match: Match) -> Number:
    """What it may bring in a year, in 分; estimated where facts are missing (:mod:`stakes`)."""
    benefit = match.entry.policy.benefit
    return 0 if benefit.type == TIME_ONLY else estimate(match.found) * benefit.period.in_a_year


def next_questions(matches: Collection[Match]) -> list[Question]:
    return questions(m.found for m in matches if m.standing.in_force)
