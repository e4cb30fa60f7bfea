from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qitong.catalogue.logic.conditions import parse
from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.path import PathItem, StepState, plan
from tests.catalogue_logic.graphs import chains, dags
from tests.catalogue_logic.packaged import EVERYTHING, items, milestones

facts_known = st.dictionaries(st.sampled_from(sorted(EVERYTHING)), st.booleans())


def some_facts(known: dict[str, bool]) -> dict[str, object]:
    """For each fact chosen the value that makes its items apply, or one that does not."""
    other: dict[type, object] = {bool: False, int: 0}
    choices = {"eia_category": "exempt", "discharge_category": "none"}
    return {
        name: EVERYTHING[name] if yes else choices.get(name, other.get(type(EVERYTHING[name])))
        for name, yes in known.items()
    }


@given(
    dags(),
    st.lists(st.integers(0, 9), min_size=8, max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_the_plan_of_any_items_is_as_long_as_the_longest_chain_of_those_that_apply(
    graph: Dag[int], days: list[int], applies: list[bool]
) -> None:
    made = [
        PathItem(f"i{n}", days[n], tuple(f"i{p}" for p in graph.predecessors(n)), (), parse(f"f{n}"))
        for n in graph.order
    ]
    found = plan(made, (), {f"f{n}": applies[n] for n in graph.order})
    longest = max((sum(days[n] for n in chain if applies[n]) for chain in chains(graph)), default=0)
    assert found.days == longest == sum(found.steps[c].days for c in found.critical_path)
    assert set(found.steps) == {f"i{n}" for n in graph.order if applies[n]}


@given(facts_known)
def test_learning_a_fact_never_lengthens_the_path(known: dict[str, bool]) -> None:
    facts = some_facts(known)
    found = plan(items(), milestones(), facts, goal="M_START_PRODUCE")
    for name in known:
        less = plan(items(), milestones(), facts | {name: None}, goal="M_START_PRODUCE")
        assert found.days <= less.days
        assert set(found.steps) <= set(less.steps)


@given(facts_known, st.data())
def test_following_what_can_start_now_leads_to_the_goal(known: dict[str, bool], data: st.DataObject) -> None:
    facts, done = some_facts(known), set[str]()
    for _ in range(40):
        found = plan(items(), milestones(), facts, goal="M_START_PRODUCE", done=done)
        ready = [s.code for s in found.with_state(StepState.CAN_START_NOW)]
        if not ready:
            break
        done.add(data.draw(st.sampled_from(ready)))
    assert {s.state for s in found.steps.values()} == {StepState.DONE}
    assert (found.days, found.serial_days) == (0, 0)
