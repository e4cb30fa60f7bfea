from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.catalogue.logic.graph import Dag
from qitong.kernel.errors import Refused
from tests.catalogue_logic.graphs import chains, dags, is_chain

DIAMOND = Dag({"d": ["b", "c"], "c": ["a"], "b": ["a"], "a": []})


def test_the_order_puts_predecessors_first_and_keeps_the_given_order_in_ties() -> None:
    assert DIAMOND.order == ("a", "c", "b", "d")


def test_a_cycle_is_refused_and_named_in_its_direction() -> None:
    with pytest.raises(Refused) as refused:
        Dag({"start": [], "a": ["start", "c"], "b": ["a"], "c": ["b"], "end": ["c"]})
    assert refused.value.code == "cycle"
    ring = str(refused.value.sentence.params["cycle"]).split(" → ")
    assert ring[0] == ring[-1]
    assert set(ring) == {"a", "b", "c"}
    assert "a → b" in " → ".join(ring * 2)


def test_a_node_waiting_for_itself_is_a_cycle() -> None:
    with pytest.raises(Refused, match="环"):
        Dag({"a": ["a"]})


def test_an_unknown_predecessor_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        Dag({"a": ["ghost"]})
    assert refused.value.code == "unknown_node"
    assert "ghost" in str(refused.value)


def test_ready_are_the_nodes_whose_predecessors_are_all_done() -> None:
    assert DIAMOND.ready(set()) == ["a"]
    assert DIAMOND.ready({"a"}) == ["c", "b"]
    assert DIAMOND.ready({"a", "b"}) == ["c"]
    assert DIAMOND.ready({"a", "b", "c", "ghost"}) == ["d"]


def test_ancestors_and_descendants_reach_all_the_way() -> None:
    assert DIAMOND.ancestors("d") == {"a", "b", "c"}
    assert DIAMOND.descendants("a") == {"b", "c", "d"}


def test_contracting_joins_what_came_before_to_what_comes_after() -> None:
    graph = Dag({"a": [], "b": ["a"], "c": ["b"], "d": ["c"]})
    assert graph.contract("b", "c") == Dag({"a": [], "d": ["a"]})


def test_contracting_an_unknown_node_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        DIAMOND.contract("ghost")


def test_the_schedule_knows_slack_and_the_critical_path() -> None:
    schedule = DIAMOND.schedule({"a": 2, "b": 1, "c": 5, "d": 3})
    assert (schedule.length, schedule.path) == (10, ("a", "c", "d"))
    assert schedule.times["b"].slack == 4
    assert (schedule.times["d"].earliest_start, schedule.times["d"].earliest_finish) == (7, 10)


def test_a_negative_duration_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        DIAMOND.schedule({"a": -1, "b": 1, "c": 1, "d": 1})


def test_an_empty_graph_takes_no_time() -> None:
    assert Dag[str]({}).schedule({}).length == 0


@given(dags(), st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_the_critical_path_is_the_longest_of_all_chains(dag: Dag[int], days: list[int]) -> None:
    schedule = dag.schedule(dict(enumerate(days)))
    longest = max((sum(days[n] for n in chain) for chain in chains(dag)), default=0)
    assert schedule.length == longest == sum(days[n] for n in schedule.path)
    assert is_chain(dag, schedule.path)
    for node, times in schedule.times.items():
        through = max(sum(days[n] for n in chain) for chain in chains(dag) if node in chain)
        assert times.slack == longest - through
        assert times.earliest_finish - times.earliest_start == days[node]


@given(dags(), st.sets(st.integers(0, 7)))
def test_contraction_keeps_every_order_relation_and_adds_none(dag: Dag[int], gone: set[int]) -> None:
    rest = dag.contract(*(n for n in gone if n in dag))
    assert set(rest.order) == set(dag.order) - gone
    for node in rest.order:
        assert rest.ancestors(node) == dag.ancestors(node) - gone


@given(dags())
def test_the_reduction_keeps_every_order_relation_with_no_edge_to_spare(dag: Dag[int]) -> None:
    reduced = dag.reduced()
    assert {n: reduced.ancestors(n) for n in reduced.order} == {n: dag.ancestors(n) for n in dag.order}
    for before, node in reduced.edges:
        assert not any(before in dag.ancestors(other) for other in reduced.predecessors(node))


@given(dags())
def test_the_level_is_the_longest_chain_before_a_node(dag: Dag[int]) -> None:
    found = {n: max(c.index(n) for c in chains(dag) if n in c) for n in dag.order}
    assert dag.levels() == found


@given(dags(), st.randoms(use_true_random=False))
def test_working_through_what_is_ready_ends_everything_in_order(dag: Dag[int], random: Random) -> None:
    done: list[int] = []
    while ready := dag.ready(done):
        done.append(random.choice(ready))
        assert dag.ancestors(done[-1]) <= set(done)
    assert sorted(done) == sorted(dag.order)
