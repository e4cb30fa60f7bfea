from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.layout import layout
from tests.catalogue_logic.graphs import dags


def test_parallel_steps_stand_one_row_apart_around_their_start() -> None:
    placed = layout(Dag({"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}))
    rows = {key: at.row for key, at in placed.positions.items()}
    assert abs(rows["b"] - rows["c"]) == 1
    assert rows["a"] == rows["d"] == 0.5


def test_a_crossing_that_can_be_avoided_is_avoided() -> None:
    placed = layout(Dag({"a": [], "b": [], "for_b": ["b"], "for_a": ["a"]}))
    rows = {key: at.row for key, at in placed.positions.items()}
    assert (rows["a"] < rows["b"]) == (rows["for_a"] < rows["for_b"])


def test_a_long_connection_has_a_way_point_in_each_column_it_passes() -> None:
    placed = layout(Dag({"a": [], "b": ["a"], "c": ["b"], "x": [], "end": ["c", "x"]}))
    assert [at.column for at in placed.routes["x", "end"]] == [1, 2]


def test_an_implied_connection_is_not_drawn() -> None:
    placed = layout(Dag({"a": [], "b": ["a"], "c": ["a", "b"]}))
    assert set(placed.routes) == {("a", "b"), ("b", "c")}


@given(dags(12))
def test_nothing_overlaps_and_every_column_is_a_level(dag: Dag[int]) -> None:
    placed = layout(dag)
    assert {n: at.column for n, at in placed.positions.items()} == dag.levels()
    taken: dict[int, list[float]] = {}
    for at in placed.positions.values():
        assert 0 <= at.row <= placed.rows - 1 + 1e-6
        taken.setdefault(at.column, []).append(at.row)
    for rows in taken.values():
        rows.sort()
        assert all(b - a >= 0.99 for a, b in pairwise(rows))
    for route in placed.routes.values():
        for way in route:
            assert all(abs(way.row - row) >= 0.6 for row in taken[way.column])


@given(dags(12))
def test_the_same_graph_is_always_placed_the_same_way(dag: Dag[int]) -> None:
    assert layout(dag) == layout(dag)
