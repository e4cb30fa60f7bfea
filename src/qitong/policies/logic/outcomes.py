"""What a policy's conditions come to, from what each of them comes to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"
    MANUAL_REVIEW = "manual_review"
    NOT_APPLICABLE = "not_applicable"


def judge(applies: bool | None, hard: Iterable[bool | None], manual: Iterable[bool | None]) -> Outcome:
    """The outcome of all conditions together.

    Outside its scope a policy does not apply. One condition that fails settles the rest, a manual one too:
    what the company says against itself needs nobody's judgement. Then what is unknown among the hard ones
    must be asked; only when nothing is left to ask is a person's time spent on the manual ones.
    """
    if applies is False:
        return Outcome.NOT_APPLICABLE
    hard, manual = list(hard), list(manual)
    if False in hard or False in manual:
        return Outcome.NOT_ELIGIBLE
    if applies is None or None in hard:
        return Outcome.UNKNOWN
    return Outcome.MANUAL_REVIEW if manual else Outcome.ELIGIBLE
