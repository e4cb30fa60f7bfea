"""The flow tables as a page: ``make flow`` writes it to ``docs/flow.md``."""

from __future__ import annotations

from collections.abc import Iterable

from qitong.casework.logic.flow import (
    CASE_FLOW,
    CASE_STATE_WORDS,
    PARTY_WORDS,
    TASK_FLOW,
    TASK_STATE_WORDS,
    CaseState,
    Row,
    TaskState,
)


def page() -> str:
    """The whole page as Markdown: a diagram and a table for the case, and for the task."""
    return "\n".join(
        [
            "# The life of a case and of a task",
            "",
            "Made by `make flow` from `casework/logic/flow.py`; do not edit by hand.",
            "",
            "## Case",
            "",
            *_states([(s.value, CASE_STATE_WORDS[s].text) for s in CaseState]),
            *_diagram(CASE_FLOW, CaseState.DRAFT),
            *_table(CASE_FLOW),
            "## Task",
            "",
            *_states([(s.value, TASK_STATE_WORDS[s].text) for s in TaskState]),
            *_diagram(TASK_FLOW, TaskState.WAITING),
            *_table(TASK_FLOW),
        ]
    )


def _states(rows: Iterable[tuple[str, str]]) -> list[str]:
    return ["| state | 中文 |", "|---|---|", *(f"| `{code}` | {words} |" for code, words in rows), ""]


def _diagram(flow: Iterable[Row], first: str) -> list[str]:
    moves = [
        f"    {source} --> {row.target}: {row.deed}"
        for row in flow
        if row.target is not None
        for source in sorted(row.sources)
    ]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *moves, "```", ""]


def _table(flow: Iterable[Row]) -> list[str]:
    lines = ["| deed | 中文 | from | to | who |", "|---|---|---|---|---|"]
    for row in flow:
        sources = ", ".join(f"`{s}`" for s in sorted(row.sources))
        target = f"`{row.target}`" if row.target else "(stays)"
        who = ", ".join(f"{p.value} ({PARTY_WORDS[p].text})" for p in row.who)
        lines.append(f"| `{row.deed}` | {row.words.text} | {sources} | {target} | {who} |")
    return [*lines, ""]


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
