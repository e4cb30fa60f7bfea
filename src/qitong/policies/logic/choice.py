"""Benefits that exclude each other: the set that brings most, found exactly.

The conflicts of a library fall into small groups; each is solved by itself, by trying the policy with
the most conflicts in and out. What a group brings is the sum of what its chosen members bring in a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qitong.policies.logic.units import Number


@dataclass(frozen=True, slots=True)
class Group:
    """Policies of which not all can be had. ``undecided``: those whose worth is not known yet."""

    chosen: tuple[str, ...]
    left: tuple[str, ...]
    undecided: tuple[str, ...]
    worth: Number


def best(worth: Mapping[str, Number | None], conflicts: Iterable[tuple[str, str]]) -> tuple[Group, ...]:
    """For the policies in ``worth`` (their yearly benefit in 分, None: unknown), a group per conflict.

    Of equal sets the one with more members is taken, then the first by name. Unknown counts as nothing,
    so a group with something ``undecided`` may turn out otherwise.
    """
    against: dict[str, set[str]] = {name: set() for name in worth}
    for a, b in conflicts:
        if a in against and b in against and a != b:
            against[a].add(b)
            against[b].add(a)
    return tuple(_solved(group, worth, against) for group in _groups(against))


def _groups(against: Mapping[str, set[str]]) -> list[frozenset[str]]:
    left = {name for name, others in against.items() if others}
    found = []
    while left:
        reached, edge = set[str](), {min(left)}
        while edge:
            reached |= edge
            edge = set().union(*(against[name] for name in edge)) - reached
        found.append(frozenset(reached))
        left -= reached
    return found


def _solved(
    group: frozenset[str], worth: Mapping[str, Number | None], against: Mapping[str, set[str]]
) -> Group:
    total, chosen = _heaviest(group, worth, against)
    undecided = sorted(name for name in group if worth[name] is None)
    return Group(tuple(sorted(chosen)), tuple(sorted(group - chosen)), tuple(undecided), total)


def _heaviest(
    group: frozenset[str], worth: Mapping[str, Number | None], against: Mapping[str, set[str]]
) -> tuple[Number, frozenset[str]]:
    """The best set without conflict within ``group``, and what it brings."""
    most = max(group, key=lambda name: (len(against[name] & group), name), default=None)
    if most is None or not against[most] & group:
        return sum((worth[name] or 0 for name in group), start=0), group
    without = _heaviest(group - {most}, worth, against)
    rest = _heaviest(group - {most} - against[most], worth, against)
    taken = (rest[0] + (worth[most] or 0), rest[1] | {most})
    return max(
        taken, without, key=lambda found: (found[0], len(found[1]), [_backwards(n) for n in sorted(found[1])])
    )


def _backwards(name: str) -> tuple[int, ...]:
    """Orders names from last to first, so that ``max`` takes the first of equals."""
    return tuple(-ord(letter) for letter in name)
