"""A step graph as inline SVG: what comes before what, who does it, how far it is.

Two drawings of the same steps: left to right in columns (scrolls sideways when long), and, for
phones, one step under the other with the connections in lanes on the left. Colours come from the
style sheet alone (``.step--done``, ``.step-edge`` …); a state is also written in words. Templates
add the same steps as an ordered list for those who do not see the drawing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from qitong.casework.logic.flow import TASK_STATE_WORDS, TaskState
from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.layout import layout
from qitong.kernel.limits import Limit
from qitong.web.common.written import joined, markup

# Pixels. The text sizes are part of the geometry, so they are attributes and not in the style sheet.
BOX_WIDTH, BOX_HEIGHT, PADDING = 188, 104, 12
COLUMN_GAP, ROW_GAP, MARGIN = 52, 20, 4
NAME_SIZE, SMALL_SIZE = 15, 13
PHONE_WIDTH, PHONE_GAP, LANE, RADIUS = 328, 22, 14, 8
LANES = 84  # all lanes together; more than six stand closer
ARROW = 6
ELLIPSIS = "…"

# A Latin word or number stays together; closing punctuation never begins a line, opening never ends one.
_TOKEN = re.compile(
    r"[（《「『“‘(]*(?:[^\W\u2e80-\U0010ffff]+|\s+|.)[、，。；：！？）》」』”’%,.;:!?)]*", re.DOTALL
)


class NodeState(StrEnum):
    """How far a step is; the values of a task's states, and ``none`` for a plain drawing."""

    NONE = "none"
    WAITING = "waiting"
    ENABLED = "enabled"
    CLAIMED = "claimed"
    DONE = "done"
    RETURNED = "returned"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One step: ``name`` and ``department`` in the reader's language, ``days`` in working days.

    ``kind`` ends up in a class name (``step--kind-review``). ``state_words`` replaces the usual
    words for the state, for example on the path of a project (可以开始).
    """

    key: str
    name: str
    department: str = ""
    days: int | None = None
    state: NodeState = NodeState.NONE
    after: tuple[str, ...] = ()
    kind: str = "step"
    state_words: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    width: float

    @property
    def middle(self) -> float:
        return self.top + BOX_HEIGHT / 2


def svg(nodes: Iterable[GraphNode], *, lang: str, vertical: bool = False) -> SafeString:
    """Draw the steps; no steps, no drawing (the empty string). ``lang`` is ``zh-hans`` or ``en``.

    Refuses a cycle and an unknown predecessor, as :class:`Dag` does.
    """
    given = {node.key: node for node in nodes}
    dag = Dag({node.key: node.after for node in given.values()})
    steps = [given[key] for key in dag.order]
    if not steps:
        return SafeString("")
    with override(lang):
        boxes, edges, width, height = _phone(dag) if vertical else _wide(dag)
        return markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="step-graph step-graph--{}" role="img"'
            ' aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}"><g>{}</g><g>{}</g></svg>',
            "vertical" if vertical else "wide",
            _label(steps),
            *[_n(width), _n(height)] * 2,
            joined(_edge(given[a], path, end) for a, path, end in edges),
            joined(_step(step, boxes[step.key]) for step in steps),
        )


_Edges = list[tuple[str, str, tuple[float, float]]]


def _wide(dag: Dag[str]) -> tuple[dict[str, _Box], _Edges, float, float]:
    """Columns by level. A long connection runs level through its way-points, between the boxes."""
    placed = layout(dag)
    pitch, lane = BOX_WIDTH + COLUMN_GAP, BOX_HEIGHT + ROW_GAP
    boxes = {
        key: _Box(MARGIN + at.column * pitch, MARGIN + at.row * lane, BOX_WIDTH)
        for key, at in placed.positions.items()
    }
    edges: _Edges = []
    for (before, after), ways in placed.routes.items():
        x, y = boxes[before].left + BOX_WIDTH, boxes[before].middle
        path = f"M{_n(x)} {_n(y)}"
        stops = [(MARGIN + w.column * pitch, MARGIN + w.row * lane + BOX_HEIGHT / 2) for w in ways]
        for left, middle in [*stops, (boxes[after].left, boxes[after].middle)]:
            half = (x + left) / 2
            path += f"C{_n(half)} {_n(y)} {_n(half)} {_n(middle)} {_n(left)} {_n(middle)}"
            x, y = left + BOX_WIDTH, middle
            if left != boxes[after].left:
                path += f"H{_n(x)}"
        edges.append((before, path, (boxes[after].left, y)))
    width = placed.columns * pitch - COLUMN_GAP + 2 * MARGIN
    return boxes, edges, width, placed.rows * lane - ROW_GAP + 2 * MARGIN


def _phone(dag: Dag[str]) -> tuple[dict[str, _Box], _Edges, float, float]:
    """One under the other; each connection leaves below and enters above the middle of a box's left side."""
    drawn = dag.reduced()
    levels = drawn.levels()
    keys = sorted(drawn.order, key=levels.__getitem__)
    rank = {key: index for index, key in enumerate(keys)}
    lanes = _lanes([(rank[a], rank[b]) for a, b in drawn.edges])
    count = max(lanes.values(), default=-1) + 1
    lane = min(LANE, LANES / max(count, 1))
    left = MARGIN + lane * count + ARROW + RADIUS
    boxes = {
        key: _Box(left, MARGIN + rank[key] * (BOX_HEIGHT + PHONE_GAP), PHONE_WIDTH - left - MARGIN)
        for key in keys
    }
    edges: _Edges = []
    for before, after in drawn.edges:
        x = MARGIN + lane * (count - lanes[rank[after]] - 0.5)
        start, end = boxes[before].middle + 14, boxes[after].middle - 14
        path = (
            f"M{_n(left)} {_n(start)}H{_n(x + RADIUS)}Q{_n(x)} {_n(start)} {_n(x)} {_n(start + RADIUS)}"
            f"V{_n(end - RADIUS)}Q{_n(x)} {_n(end)} {_n(x + RADIUS)} {_n(end)}H{_n(left)}"
        )
        edges.append((before, path, (left, end)))
    height = len(keys) * (BOX_HEIGHT + PHONE_GAP) - PHONE_GAP + 2 * MARGIN
    return boxes, edges, PHONE_WIDTH, height


def _lanes(edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """A lane for each end: connections to one step share it, those that overlap otherwise do not."""
    reach: dict[int, int] = {}
    for start, end in edges:
        reach[end] = min(start, reach.get(end, start))
    lanes: dict[int, int] = {}
    for end in sorted(reach, key=lambda e: (e - reach[e], e)):
        taken = {lanes[e] for e in lanes if reach[e] < end and reach[end] < e}
        lanes[end] = next(lane for lane in range(len(reach)) if lane not in taken)
    return lanes


def _edge(before: GraphNode, path: str, end: tuple[float, float]) -> SafeString:
    x, y = end
    head = f"M{_n(x - ARROW)} {_n(y - ARROW * 0.7)}L{_n(x)} {_n(y)}L{_n(x - ARROW)} {_n(y + ARROW * 0.7)}"
    done = " step-edge--done" if before.state is NodeState.DONE else ""
    return markup('<path class="step-edge{}" d="{}{}" fill="none" stroke="currentColor"/>', done, path, head)


def _step(step: GraphNode, box: _Box) -> SafeString:
    room = box.width - 2 * PADDING
    name = wrap(step.name, room / (NAME_SIZE / 2), lines=2)
    small = room / (SMALL_SIZE / 2)
    below = [*wrap(step.department, small, lines=1), *wrap(_progress(step), small, lines=2)]
    used = len(name) * (NAME_SIZE + 5) + len(below) * (SMALL_SIZE + 5)
    y = box.top + (BOX_HEIGHT - used) / 2
    texts: list[tuple[str, str, str, int, str]] = []
    for css, size, lines in (("step__name", NAME_SIZE, name), ("step__meta", SMALL_SIZE, below)):
        for line in lines:
            y += size + 5
            texts.append((css, _n(box.left + PADDING), _n(y - 6), size, line))
    return markup(
        '<g class="step step--{} step--kind-{}"><title>{}</title>'
        '<rect class="step__box" x="{}" y="{}" width="{}" height="{}" rx="{}"'
        ' fill="none" stroke="currentColor"/>'
        "{}</g>",
        step.state.value,
        step.kind,
        _sentence(step),
        *[_n(v) for v in (box.left, box.top, box.width, BOX_HEIGHT)],
        RADIUS,
        joined(
            markup('<text class="{}" x="{}" y="{}" font-size="{}" fill="currentColor">{}</text>', *text)
            for text in texts
        ),
    )


def _limit(step: GraphNode) -> str:
    if step.days is None:
        return ""
    return str(Limit(step.days).say()) if step.days else gettext("即时办结")


def _words(step: GraphNode) -> str:
    if step.state_words or step.state is NodeState.NONE:
        return step.state_words
    return str(TASK_STATE_WORDS[TaskState(step.state.value)])


def _progress(step: GraphNode) -> str:
    return " · ".join(part for part in (_limit(step), _words(step)) if part)


def _sentence(step: GraphNode) -> str:
    details = gettext("，").join(p for p in (step.department, _limit(step), _words(step)) if p)
    return (
        gettext("%(name)s（%(details)s）") % {"name": step.name, "details": details} if details else step.name
    )


def _label(steps: Sequence[GraphNode]) -> str:
    listed = gettext("；").join(f"{i}. {_sentence(step)}" for i, step in enumerate(steps, 1))
    return gettext("流程图，共%(count)d步：%(steps)s") % {"count": len(steps), "steps": listed}


def wrap(text: str, room: float, *, lines: int) -> list[str]:
    """Break into at most ``lines`` lines of ``room`` half-widths each; the last ends with … when cut."""
    left: list[str] = _TOKEN.findall(" ".join(text.split()))
    found: list[str] = []
    while left and len(found) < lines:
        line, left = _fill(left, room)
        found.append(line.strip())
    if left:
        last = found[-1]
        while last and text_width(last + ELLIPSIS) > room:
            last = last[:-1]
        found[-1] = last.rstrip() + ELLIPSIS
    return found


def _fill(tokens: list[str], room: float) -> tuple[str, list[str]]:
    """One line and what is left; a token longer than a whole line is cut where the line ends."""
    line = ""
    while tokens and text_width((line + tokens[0]).rstrip()) <= room:
        line += tokens[0]
        tokens = tokens[1:]
    if line.strip() or not tokens:
        return line, tokens
    cut = next((n for n in range(1, len(tokens[0])) if text_width(tokens[0][: n + 1]) > room), len(tokens[0]))
    return tokens[0][:cut], [part for part in (tokens[0][cut:], *tokens[1:]) if part]


def text_width(text: str) -> float:
    """Half-widths: 2 for a Chinese character, 1 for a Latin letter, 1.5 for a wide one."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WFA":
        return 2
    return 1.5 if character.isupper() or character in "mw@%" else 1.1


def _n(value: float) -> str:
    """A coordinate, short."""
    return f"{round(value, 1):g}"
