"""The steps of a running case as a drawing with states."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from qitong.casework.models import Task
from qitong.web.common.step_graph import GraphNode, NodeState


def nodes(tasks: Iterable[Task], round_: int) -> tuple[GraphNode, ...]:
    """The tasks of one round. A predecessor that this round leaves out (it was settled before) is no edge."""
    english = (get_language() or "").startswith("en")
    chosen = [task for task in tasks if task.round == round_]
    there = {task.key for task in chosen}
    return tuple(
        GraphNode(
            key=task.key,
            name=task.name_en if english else task.name_zh,
            department=str(task.department.label),
            days=task.days,
            state=NodeState(task.state),
            after=tuple(key for key in task.after if key in there),
            kind=task.kind,
        )
        for task in chosen
    )
