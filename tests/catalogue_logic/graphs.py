"""Random small graphs without cycles for Hypothesis."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from qitong.catalogue.logic.graph import Dag


@st.composite
def dags(draw: st.DrawFn, most: int = 8) -> Dag[int]:
    """Edges go from lower to higher numbers; the nodes are given in any order."""
    size = draw(st.integers(0, most))
    after = {
        node: draw(st.lists(st.integers(0, node - 1), unique=True, max_size=3)) if node else []
        for node in range(size)
    }
    return Dag({node: after[node] for node in draw(st.permutations(range(size)))})


def chains(dag: Dag[int]) -> list[tuple[int, ...]]:
    """Every chain from a first node to a last node, by brute force."""
    found: list[tuple[int, ...]] = [(node,) for node in dag.order if not dag.predecessors(node)]
    whole: list[tuple[int, ...]] = []
    while found:
        chain = found.pop()
        following = dag.successors(chain[-1])
        found.extend((*chain, node) for node in following)
        if not following:
            whole.append(chain)
    return whole


def is_chain(dag: Dag[int], nodes: tuple[int, ...]) -> bool:
    return all(a in dag.predecessors(b) for a, b in pairwise(nodes))
