"""A small directed graph without cycles: what must come before what.

Nodes are any hashable keys. The order in which they are given breaks every tie, so equal input
gives equal output. Durations are whole units (working days for the path of a project).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from qitong.kernel.errors import Refused
from qitong.kernel.words import say

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Times:
    """When one node can and must begin and end, in units after the start of everything."""

    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int

    @property
    def slack(self) -> int:
        """How long the node may be delayed without delaying the whole."""
        return self.latest_start - self.earliest_start


@dataclass(frozen=True, slots=True)
class Schedule(Generic[K]):
    """The critical-path calculation: ``length`` of the whole, one longest ``path``, all times."""

    times: Mapping[K, Times]
    length: int
    path: tuple[K, ...]


class Dag(Generic[K]):
    """``Dag({"a": [], "b": ["a"]})``: b comes after a. Never changed once made.

    Refuses a cycle (``code="cycle"``, the sentence names it) and a predecessor that is not itself
    a node (``code="unknown_node"``).
    """

    __slots__ = ("_after", "_before", "order")

    order: tuple[K, ...]
    """All nodes, each after its predecessors; ties in the order given."""

    def __init__(self, after: Mapping[K, Iterable[K]]) -> None:
        self._after = {node: tuple(dict.fromkeys(befores)) for node, befores in after.items()}
        before: dict[K, list[K]] = {node: [] for node in self._after}
        for node, predecessors in self._after.items():
            for predecessor in predecessors:
                if predecessor not in before:
                    raise Refused(
                        say("“{node}”的前置“{missing}”不存在。", node=node, missing=predecessor),
                        code="unknown_node",
                    )
                before[predecessor].append(node)
        self._before = {node: tuple(successors) for node, successors in before.items()}
        self.order = self._sorted()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dag):
            return NotImplemented
        return {n: set(p) for n, p in self._after.items()} == {n: set(p) for n, p in other._after.items()}

    __hash__ = None  # type: ignore[assignment]  # equality by content, and the content is a dict

    def __contains__(self, node: object) -> bool:
        return node in self._after

    def __len__(self) -> int:
        return len(self._after)

    def __repr__(self) -> str:
        return f"Dag({self._after!r})"

    @property
    def edges(self) -> tuple[tuple[K, K], ...]:
        """Every (predecessor, successor), in topological order of the successor."""
        return tuple((before, node) for node in self.order for before in self._after[node])

    def predecessors(self, node: K) -> tuple[K, ...]:
        return self._after[node]

    def successors(self, node: K) -> tuple[K, ...]:
        return self._before[node]

    def ancestors(self, node: K) -> frozenset[K]:
        """Everything that must come before ``node``, directly or not."""
        return _reach(node, self._after)

    def descendants(self, node: K) -> frozenset[K]:
        """Everything that must wait for ``node``, directly or not."""
        return _reach(node, self._before)

    def ready(self, done: Collection[K]) -> list[K]:
        """Nodes not done whose predecessors all are. Keys in ``done`` that are no nodes count for nothing."""
        finished = frozenset(done)
        return [n for n in self.order if n not in finished and finished.issuperset(self._after[n])]

    def levels(self) -> dict[K, int]:
        """For each node the number of nodes before it on the longest chain that leads to it."""
        level: dict[K, int] = {}
        for node in self.order:
            level[node] = max((level[p] + 1 for p in self._after[node]), default=0)
        return level

    def restrict(self, keep: Collection[K]) -> Dag[K]:
        """Only ``keep``; order relations through removed nodes are kept (they are contracted)."""
        kept = frozenset(keep)
        return self.contract(*(node for node in self.order if node not in kept))

    def contract(self, *nodes: K) -> Dag[K]:
        """Without ``nodes``; the predecessors of each are joined to its successors."""
        gone = frozenset(nodes)
        unknown = gone - self._after.keys()
        if unknown:
            raise KeyError(*unknown)
        after: dict[K, tuple[K, ...]] = {}
        # In topological order a removed predecessor has already been replaced by what stands before it.
        for node in self.order:
            joined: dict[K, None] = {}
            for predecessor in self._after[node]:
                joined.update(dict.fromkeys(after[predecessor] if predecessor in gone else (predecessor,)))
            after[node] = tuple(joined)
        return Dag({node: after[node] for node in self._after if node not in gone})

    def reduced(self) -> Dag[K]:
        """The transitive reduction: only the edges that no longer chain implies, for drawing."""
        above: dict[K, frozenset[K]] = {}
        after: dict[K, tuple[K, ...]] = {}
        for node in self.order:
            predecessors = self._after[node]
            implied = frozenset().union(*(above[p] for p in predecessors))
            above[node] = implied.union(predecessors)
            after[node] = tuple(p for p in predecessors if p not in implied)
        return Dag({node: after[node] for node in self._after})

    def schedule(self, durations: Mapping[K, int]) -> Schedule[K]:
        """Earliest and latest times when each node takes ``durations[node]`` units (none negative)."""
        if any(durations[node] < 0 for node in self.order):
            raise ValueError("a duration is negative")
        start: dict[K, int] = {}
        finish: dict[K, int] = {}
        for node in self.order:
            start[node] = max((finish[p] for p in self._after[node]), default=0)
            finish[node] = start[node] + durations[node]
        length = max(finish.values(), default=0)
        latest: dict[K, int] = {}
        for node in reversed(self.order):
            latest[node] = min((latest[s] - durations[s] for s in self._before[node]), default=length)
        times = {n: Times(start[n], finish[n], latest[n] - durations[n], latest[n]) for n in self.order}
        return Schedule(times, length, self._longest(start, finish, length))

    def _longest(self, start: Mapping[K, int], finish: Mapping[K, int], length: int) -> tuple[K, ...]:
        """One critical chain, found backwards from the last node that ends with the whole."""
        chain: list[K] = []
        step = [node for node in self.order if finish[node] == length][-1:]
        while step:
            chain.append(step[0])
            step = [p for p in self._after[step[0]] if finish[p] == start[step[0]]][:1]
        return tuple(reversed(chain))

    def _sorted(self) -> tuple[K, ...]:
        """Kahn's algorithm, always taking the first free node in the order given."""
        nodes = list(self._after)
        place = {node: index for index, node in enumerate(nodes)}
        waits = {node: len(predecessors) for node, predecessors in self._after.items()}
        free = [place[node] for node in nodes if waits[node] == 0]
        order: list[K] = []
        while free:
            node = nodes[heapq.heappop(free)]
            order.append(node)
            for successor in self._before[node]:
                waits[successor] -= 1
                if waits[successor] == 0:
                    heapq.heappush(free, place[successor])
        if len(order) < len(nodes):
            done = frozenset(order)
            raise _cycle([node for node in nodes if node not in done], self._after)
        return tuple(order)


def _reach(node: K, along: Mapping[K, tuple[K, ...]]) -> frozenset[K]:
    found: set[K] = set()
    todo = list(along[node])
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo.extend(along[here])
    return frozenset(found)


def _cycle(stuck: list[K], after: Mapping[K, tuple[K, ...]]) -> Refused:
    """Name one cycle. Each stuck node has a stuck predecessor, so walking back must repeat."""
    inside = frozenset(stuck)
    walk: list[K] = []
    here = stuck[0]
    while here not in walk:
        walk.append(here)
        here = next(p for p in after[here] if p in inside)
    ring = [here, *reversed(walk[walk.index(here) :])]
    shown = " → ".join(str(node) for node in ring)
    return Refused(say("先后关系成了环：{cycle}。", cycle=shown), code="cycle")
