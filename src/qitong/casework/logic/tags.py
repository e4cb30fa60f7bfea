"""Numbers by which the index of search knows who may see a case, and which item it is of.

They say in numbers what ``queries.visible`` says in conditions, so that the index can answer both at
once: which cases have these words, and which of them are this officer's to see.
"""

from __future__ import annotations

from collections.abc import Iterable

_ROOM = 48  # of 63 bits: more rows than a table will have
_ITEM = 5


def _tag(kind: int, pk: int) -> int:
    return kind << _ROOM | pk


def company(pk: int) -> int:
    """Its members see its cases."""
    return _tag(1, pk)


def person(pk: int) -> int:
    """Somebody who owns the case, helps with it or claimed a task of it."""
    return _tag(2, pk)


def department(pk: int) -> int:
    """A department that works on the case, or whose window received it."""
    return _tag(3, pk)


def place(pk: int) -> int:
    """The jurisdiction of the window that received it, and each above: their leaders see it."""
    return _tag(4, pk)


def item(pk: int) -> int:
    """The version of the item."""
    return _tag(_ITEM, pk)


def items(tags: Iterable[int]) -> list[int]:
    """The versions of items among the tags."""
    return [tag - item(0) for tag in tags if tag >> _ROOM == _ITEM]


def kept(tags: Iterable[int]) -> list[int]:
    """As they are stored: each once, in order."""
    return sorted(set(tags))
