"""When a task may start and when all is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qitong.casework.logic.flow import TaskState


@dataclass(frozen=True, slots=True)
class Node:
    """A task as the join sees it. ``after`` names the keys of its predecessors."""

    key: str
    state: TaskState
    after: frozenset[str] = frozenset()
    is_decision: bool = False


SETTLED = frozenset({TaskState.DONE, TaskState.DROPPED})


def ready(nodes: Sequence[Node]) -> list[str]:
    """Keys of waiting tasks whose predecessors are all done (or dropped by decision)."""
    settled = _settled(nodes)
    return [n.key for n in nodes if n.state is TaskState.WAITING and n.after <= settled]


def all_in(nodes: Sequence[Node]) -> bool:
    """Whether nothing but the decision itself is left to do."""
    return all(n.state in SETTLED for n in nodes if not n.is_decision)


def missing(nodes: Sequence[Node]) -> list[str]:
    """Keys of what the decision still waits for."""
    return [n.key for n in nodes if not n.is_decision and n.state not in SETTLED]


def _settled(nodes: Sequence[Node]) -> frozenset[str]:
    known = {n.key for n in nodes}
    open_keys = {n.key for n in nodes if n.state not in SETTLED}
    wanted = {a for n in nodes for a in n.after}
    # a predecessor that is not part of this round was settled in an earlier one
    return frozenset((known - open_keys) | (wanted - known))
