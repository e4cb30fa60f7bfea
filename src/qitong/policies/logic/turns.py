"""What happens to a company with a policy from one day to the next, and why that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qitong.kernel.words import Sentence, say
from qitong.policies.logic.outcomes import Outcome


class Kind(StrEnum):
    """``unknown``: it could get it, and what is known no longer suffices to say so."""

    GAINED = "gained"
    LOST = "lost"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """``installed``: nothing changed, it was looked at for the first time; nobody is told of that.

    ``registered``: the company is new, and its people are told what it can get.
    """

    INSTALLED = "installed"
    REGISTERED = "registered"
    PUBLISHED = "published"
    FACT = "fact"
    CALENDAR = "calendar"


KIND_WORDS: Mapping[Kind, Sentence] = {
    Kind.GAINED: say("新符合"),
    Kind.LOST: say("不再符合"),
    Kind.UNKNOWN: say("变为无法判断"),
}
CAUSE_WORDS: Mapping[Cause, Sentence] = {
    Cause.INSTALLED: say("系统启用时首次比对"),
    Cause.REGISTERED: say("企业新登记"),
    Cause.PUBLISHED: say("政策发布了新版本"),
    Cause.FACT: say("企业情况有变化"),
    Cause.CALENDAR: say("日期到了"),
}
MET = frozenset({Outcome.ELIGIBLE, Outcome.MANUAL_REVIEW})
"""The rules are met; at most a person's judgement is left."""


def turned(held: bool, outcome: Outcome) -> Kind | None:
    """What changed for a company that could get the policy before, or could not; None: nothing.

    A policy that is not in force on the day is ``not_applicable``: nobody can get it.
    """
    holds = outcome in MET
    if holds == held:
        return None
    if holds:
        return Kind.GAINED
    return Kind.UNKNOWN if outcome is Outcome.UNKNOWN else Kind.LOST
