"""What a leaf's result means for its condition: a leaf under NOT, or a failed branch of an OR that is
satisfied by another, is no failure. The polarity is carried down the tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qitong.policies.logic.closures import Note
from qitong.policies.logic.tree import LEAVES, AllOf, AnyOf, AtLeast, Choose, Node, Not


class Role(StrEnum):
    MET = "met"
    FAILED = "failed"
    OPEN = "open"
    BESIDE = "beside"
    """Does not matter as things stand: another branch settles it, or it only chose between branches."""


@dataclass(frozen=True, slots=True)
class _Seen:
    node: Node
    result: bool | None
    parts: tuple[_Seen, ...]


def roles(node: Node, notes: Sequence[Note]) -> list[tuple[Role, bool]]:
    """For each note, in order: its role, and which result its condition wants of it."""
    found: list[tuple[Role, bool]] = []
    _assign(_see(node, iter(notes)), True, True, found)
    return found


def _see(node: Node, notes: Iterator[Note]) -> _Seen:
    if isinstance(node, LEAVES):
        return _Seen(node, next(notes).result, ())
    parts = tuple(_see(part, notes) for part in _parts(node))
    return _Seen(node, _result(node, [part.result for part in parts]), parts)


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Not(part):
            return (part,)
        case Choose(test, then, other):
            return (test, then, other)
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return parts
    return ()


def _result(node: Node, of: list[bool | None]) -> bool | None:
    match node:
        case Not():
            return None if of[0] is None else not of[0]
        case Choose():
            if of[0] is None:
                return of[1] if of[1] is of[2] else None
            return of[1] if of[0] else of[2]
        case AtLeast(count):
            yes = of.count(True)
            return True if yes >= count else None if yes + of.count(None) >= count else False
    settles = isinstance(node, AnyOf)
    return settles if settles in of else None if None in of else not settles


def _assign(seen: _Seen, wanted: bool, live: bool, found: list[tuple[Role, bool]]) -> None:
    node = seen.node
    if isinstance(node, LEAVES):
        found.append((role_of(seen.result, wanted) if live else Role.BESIDE, wanted))
    elif isinstance(node, Not):
        _assign(seen.parts[0], not wanted, live, found)
    elif isinstance(node, Choose):
        _assign_choice(seen, wanted, live, found)
    else:
        every = isinstance(node, AllOf) is wanted and not isinstance(node, AtLeast)
        for part in seen.parts:
            _assign(part, wanted, live and _matters(seen, part, wanted, every), found)


def _matters(whole: _Seen, part: _Seen, wanted: bool, every: bool) -> bool:
    """Whether a part still counts: not what is unknown in a group that is settled without it, nor what
    fails in a group that another part satisfies."""
    if whole.result is None:
        return True
    if part.result is None:
        return False
    return every or whole.result is not wanted or part.result is wanted


def _assign_choice(seen: _Seen, wanted: bool, live: bool, found: list[tuple[Role, bool]]) -> None:
    """Where both branches say the same, which of them is taken does not matter."""
    test, then, other = seen.parts
    alike = test.result is None and seen.result is not None
    _assign(test, True, live and test.result is None and not alike, found)
    _assign(then, wanted, live and (alike or test.result is True), found)
    _assign(other, wanted, live and (alike or test.result is False), found)


def role_of(result: bool | None, wanted: bool) -> Role:
    """The role of a leaf that matters."""
    return Role.OPEN if result is None else Role.MET if result is wanted else Role.FAILED
