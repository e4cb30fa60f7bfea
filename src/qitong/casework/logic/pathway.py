"""How far a project is on its path: which items are in hand, which milestones are reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from qitong.catalogue.logic.conditions import Condition, Facts, Many
from qitong.catalogue.logic.path import PathItem, Plan, StepKind, plan

NEVER = Condition("False", Many(deciding=True, parts=()))
"""The condition that no facts fulfil."""


def meaningful(
    items: Sequence[PathItem], milestones: Sequence[PathItem], facts: Facts, *, goal: str = ""
) -> tuple[PathItem, ...]:
    """The milestones, where one of which these facts leave nothing never applies.

    Without a construction project no item before 开工 applies, so there is no 开工, and no 建成 after
    it. The goal always stays.
    """
    known = {item.code: item for item in items}
    points = {point.code: point for point in milestones}

    def stays(code: str, seen: frozenset[str] = frozenset()) -> bool:
        if code in known:
            return known[code].applies(facts) is not False
        if code == goal or code in seen or not points[code].requires:
            return True
        return any(stays(before, seen | {code}) for before in points[code].requires)

    return tuple(p if stays(p.code) else replace(p, applies_when=NEVER) for p in points.values())


def reached(
    items: Sequence[PathItem],
    milestones: Sequence[PathItem],
    facts: Facts,
    *,
    goal: str,
    in_hand: Collection[str],
    said: Collection[str],
    started: Mapping[str, int],
) -> frozenset[str]:
    """``in_hand`` and the milestones reached: those the company ``said``, and those that follow.

    A milestone that comes after items is reached when all that comes before it is in hand. One that
    comes only after other milestones (建成 after 开工) is reached when the company says so.
    """
    done = frozenset(in_hand) | frozenset(said)
    while True:
        path = plan(items, milestones, facts, goal=goal, done=done, started=started)
        found = {step.code for step in path.steps.values() if _follows(path, step.code, done)}
        if not found:
            return done
        done |= found


def _follows(path: Plan, code: str, done: Collection[str]) -> bool:
    step = path.steps[code]
    if step.kind is not StepKind.MILESTONE or code in done:
        return False
    kinds = {path.steps[before].kind for before in step.after}
    return StepKind.ITEM in kinds and all(before in done for before in step.after)
