"""Where to put the nodes of a graph so that its drawing has few crossings.

The layered method of Sugiyama, Tagawa and Toda (1981): the column of a node is its level, an edge
that spans several columns gets a way-point in each, columns are reordered by the mean place of
their neighbours, and rows are then chosen close to the neighbours without changing the order.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from qitong.catalogue.logic.graph import Dag

K = TypeVar("K", bound=Hashable)

SWEEPS = 8
NODE_GAP = 1.0  # rows between two nodes of one column
WAY_GAP = 0.62  # between a node and an edge passing it
LINE_GAP = 0.2  # between two passing edges


@dataclass(frozen=True, slots=True)
class Position:
    """``column`` counts levels from 0; ``row`` is at least 0, two nodes of a column differ by 1 or more."""

    column: int
    row: float


@dataclass(frozen=True, slots=True)
class Layout(Generic[K]):
    """``positions`` of the nodes; ``routes`` gives each drawn edge its way-points (often none)."""

    positions: Mapping[K, Position]
    routes: Mapping[tuple[K, K], tuple[Position, ...]]
    columns: int
    rows: float


def layout(dag: Dag[K]) -> Layout[K]:
    """Place the transitive reduction of ``dag``. The same graph is always placed the same way."""
    grid = _Grid(dag.reduced())
    grid.untangle()
    rows = grid.rows()
    positions = {node: Position(grid.column[i], rows[i]) for node, i in grid.index.items()}
    routes = {
        edge: tuple(Position(grid.column[i], rows[i]) for i in cells) for edge, cells in grid.ways.items()
    }
    # A way-point may lie above the first node or below the last one.
    return Layout(positions, routes, len(grid.columns), max(rows, default=0.0) + 1 if rows else 0.0)


class _Grid(Generic[K]):
    """Columns of cells (numbers): first the nodes, then the way-points of long edges."""

    def __init__(self, dag: Dag[K]) -> None:
        levels = dag.levels()
        self.index = {node: i for i, node in enumerate(dag.order)}
        self.nodes = len(self.index)
        self.column = [levels[node] for node in dag.order]
        self.left: list[list[int]] = [[] for _ in dag.order]
        self.right: list[list[int]] = [[] for _ in dag.order]
        self.ways: dict[tuple[K, K], list[int]] = {}
        for before, node in dag.edges:
            self.ways[before, node] = self._route(self.index[before], self.index[node])
        self.columns: list[list[int]] = [[] for _ in range(max(self.column, default=-1) + 1)]
        for cell, column in enumerate(self.column):
            self.columns[column].append(cell)

    def _route(self, start: int, end: int) -> list[int]:
        cells: list[int] = []
        for column in range(self.column[start] + 1, self.column[end]):
            cells.append(len(self.column))
            self.column.append(column)
            self.left.append([])
            self.right.append([])
        for one, other in pairwise([start, *cells, end]):
            self.right[one].append(other)
            self.left[other].append(one)
        return cells

    def untangle(self) -> None:
        """Sweep to and fro, keep the best order seen."""
        best, fewest = [list(c) for c in self.columns], self.crossings()
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            sides = self.left if forward else self.right
            order = range(1, len(self.columns)) if forward else range(len(self.columns) - 2, -1, -1)
            for column in order:
                self._sort(column, sides, neighbour=column - 1 if forward else column + 1)
            found = self.crossings()
            if found < fewest:
                best, fewest = [list(c) for c in self.columns], found
        self.columns = best

    def _sort(self, column: int, sides: Sequence[Sequence[int]], *, neighbour: int) -> None:
        place = {cell: float(i) for i, cell in enumerate(self.columns[neighbour])}
        own = {cell: float(i) for i, cell in enumerate(self.columns[column])}
        key = {cell: _mean([place[n] for n in sides[cell]], own[cell]) for cell in own}
        self.columns[column].sort(key=key.__getitem__)

    def crossings(self) -> int:
        """How many pairs of edges cross between neighbouring columns."""
        total = 0
        for here, there in pairwise(self.columns):
            place = {cell: i for i, cell in enumerate(there)}
            ends = [place[n] for cell in here for n in sorted(self.right[cell], key=place.__getitem__)]
            total += sum(a > b for i, a in enumerate(ends) for b in ends[i + 1 :])
        return total

    def rows(self) -> list[float]:
        """A row for each cell: near the mean of its neighbours, in the order found, never too close."""
        rows = [0.0] * len(self.column)
        for cells in self.columns:
            for cell, row in zip(cells, self._spread(cells, [0.0] * len(cells)), strict=True):
                rows[cell] = row
        for sweep in range(SWEEPS):
            columns = self.columns if sweep % 2 == 0 else self.columns[::-1]
            for cells in columns:
                wanted = [_mean([rows[n] for n in self.left[c] + self.right[c]], rows[c]) for c in cells]
                for cell, row in zip(cells, self._spread(cells, wanted), strict=True):
                    rows[cell] = row
        top = min(rows, default=0.0)
        return [round(row - top, 3) for row in rows]

    def _spread(self, cells: Sequence[int], wanted: Sequence[float]) -> list[float]:
        """The rows closest to ``wanted`` (least squares), order and gaps kept: pool adjacent violators."""
        offsets = [0.0]
        for one, other in pairwise(cells):
            offsets.append(offsets[-1] + self._gap(one, other))
        pools: list[tuple[float, int]] = []
        for want, offset in zip(wanted, offsets, strict=False):
            total, count = want - offset, 1
            while pools and pools[-1][0] / pools[-1][1] > total / count:
                before, size = pools.pop()
                total, count = total + before, count + size
            pools.append((total, count))
        level = [total / count for total, count in pools for _ in range(count)]
        return [base + offset for base, offset in zip(level, offsets, strict=False)]

    def _gap(self, one: int, other: int) -> float:
        passing = (one >= self.nodes) + (other >= self.nodes)
        return (NODE_GAP, WAY_GAP, LINE_GAP)[passing]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
