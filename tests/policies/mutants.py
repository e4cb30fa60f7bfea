"""A rule with each of its small changes, one after another."""

from __future__ import annotations

from collections.abc import Iterator

from qitong.policies.logic.changes import changes
from qitong.policies.logic.rule import Rule


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """By name, each by the smallest step there is."""
    for ladder in changes(rule):
        yield ladder[0].name, ladder[0].changed
