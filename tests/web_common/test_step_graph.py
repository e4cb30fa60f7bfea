from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.errors import Refused
from qitong.web.common.step_graph import GraphNode, NodeState, svg, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"
STEPS = [
    GraphNode("accept", "综合窗口受理", "综合窗口", 0, NodeState.DONE),
    GraphNode("plan", "规划条件审查", "规划和自然资源局", 5, NodeState.CLAIMED, ("accept",)),
    GraphNode("fire", "消防设计审查", "建设和管理委员会", 13, NodeState.ENABLED, ("accept",)),
    GraphNode("decide", "作出决定", "规划和自然资源局", 3, NodeState.WAITING, ("plan", "fire"), "decision"),
]
LETTERS = st.text(st.characters(exclude_categories=["C"]), max_size=40)
DRAWINGS = pytest.mark.parametrize("vertical", [False, True], ids=["wide", "phone"])


def drawn(steps: list[GraphNode], *, vertical: bool = False) -> ET.Element:
    return ET.fromstring(svg(steps, lang="zh-hans", vertical=vertical))  # noqa: S314  # our own text


def boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    found = [[float(r.attrib[k]) for k in ("x", "y", "width", "height")] for r in root.iter(f"{SVG}rect")]
    return [(x, y, x + w, y + h) for x, y, w, h in found]


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_no_steps_make_no_drawing() -> None:
    assert svg([], lang="zh-hans") == ""


@DRAWINGS
def test_the_drawing_is_an_image_whose_label_lists_the_steps_in_words(vertical: bool) -> None:
    root = drawn(STEPS, vertical=vertical)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].startswith(
        "流程图，共4步：1. 综合窗口受理（综合窗口，即时办结，已完成）；"
    )
    assert "作出决定（规划和自然资源局，3个工作日，未开始）" in root.attrib["aria-label"]


@DRAWINGS
def test_each_step_is_a_group_with_its_title_state_and_kind(vertical: bool) -> None:
    groups = [g for g in drawn(STEPS, vertical=vertical).iter(f"{SVG}g") if "class" in g.attrib]
    assert [g.attrib["class"] for g in groups if "done" in g.attrib["class"]] == [
        "step step--done step--kind-step"
    ]
    assert "step step--waiting step--kind-decision" in {g.attrib["class"] for g in groups}
    assert all(g[0].tag == f"{SVG}title" and g[0].text for g in groups)


@DRAWINGS
def test_an_arrow_is_drawn_for_each_connection_that_no_other_implies(vertical: bool) -> None:
    extra = GraphNode("end", "送达", after=("decide", "accept"))
    edges = list(drawn([*STEPS, extra], vertical=vertical).iter(f"{SVG}path"))
    assert len(edges) == 5
    assert sum("step-edge--done" in e.attrib["class"] for e in edges) == 2


def test_many_connections_leave_room_for_the_steps_on_a_phone() -> None:
    firsts = [GraphNode(f"a{i}", "受理") for i in range(12)]
    lasts = [GraphNode(f"b{i}", "决定", after=(f"a{i}",)) for i in range(12)]
    assert min(right - x for x, _, right, _ in boxes(drawn([*firsts, *lasts], vertical=True))) > 200


def test_columns_run_left_to_right_and_on_a_phone_downwards() -> None:
    wide, phone = boxes(drawn(STEPS)), boxes(drawn(STEPS, vertical=True))
    assert wide[0][0] < wide[1][0] == wide[2][0] < wide[3][0]
    assert len({box[0] for box in phone}) == 1
    assert [box[1] for box in phone] == sorted(box[1] for box in phone)


def test_the_drawing_brings_no_colours_of_its_own() -> None:
    text = svg(STEPS, lang="zh-hans")
    assert "style=" not in text
    assert "#" not in text
    root = drawn(STEPS)
    assert {e.attrib.get("fill", "none") for e in root.iter()} == {"none", "currentColor"}
    assert {e.attrib.get("stroke", "currentColor") for e in root.iter()} == {"currentColor"}


@DRAWINGS
def test_whatever_a_name_contains_is_escaped(vertical: bool) -> None:
    evil = '"><script>alert(1)</script>&'
    node = GraphNode("x", evil, evil, 1, NodeState.NONE, (), evil, evil)
    text = svg([node], lang="zh-hans", vertical=vertical)
    assert "<script" not in text
    root = ET.fromstring(text)  # noqa: S314  # our own text
    assert evil in root.attrib["aria-label"]


def test_other_words_for_a_state_are_shown_when_given() -> None:
    node = GraphNode("x", "营业执照", days=3, state=NodeState.ENABLED, state_words="可以开始")
    texts = [t.text for t in drawn([node]).iter(f"{SVG}text")]
    assert texts == ["营业执照", "3个工作日 · 可以开始"]


def test_a_cycle_is_refused() -> None:
    with pytest.raises(Refused):
        svg([GraphNode("a", "甲", after=("b",)), GraphNode("b", "乙", after=("a",))], lang="en")


def test_a_long_name_takes_two_lines_and_then_an_ellipsis() -> None:
    lines = wrap("消防设计审查与特殊消防技术资料专家评审（含现场核查）", 20, lines=2)
    assert lines == ["消防设计审查与特殊消", "防技术资料专家评审…"]


def test_a_latin_word_stays_whole_and_punctuation_does_not_begin_a_line() -> None:
    assert wrap("Joint acceptance", 12, lines=2) == ["Joint", "acceptance"]
    assert wrap("一二三，四", 6, lines=2) == ["一二", "三，四"]
    assert wrap("一二（三）", 6, lines=2) == ["一二", "（三）"]


@given(st.text(max_size=60), st.integers(6, 40), st.integers(1, 3))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost_silently(
    text: str, room: int, lines: int
) -> None:
    found = wrap(text, room, lines=lines)
    assert len(found) <= lines
    assert all(text_width(line) <= room for line in found)
    kept = "".join("".join(found).split())
    assert kept == "".join(text.split()) or found[-1].endswith("…")


@given(
    st.lists(st.tuples(LETTERS, st.lists(st.integers(0, 9), max_size=3)), min_size=1, max_size=10),
    st.booleans(),
)
def test_no_box_overlaps_another_and_no_text_leaves_its_box(
    rows: list[tuple[str, list[int]]], vertical: bool
) -> None:
    steps = [
        GraphNode(str(i), name, name, i, NodeState.RETURNED, tuple(str(a) for a in after if a < i))
        for i, (name, after) in enumerate(rows)
    ]
    root = drawn(steps, vertical=vertical)
    found = boxes(root)
    assert not any(overlap(a, b) for a, b in combinations(found, 2))
    width, height = (float(root.attrib[k]) for k in ("width", "height"))
    assert all(min(box) >= 0 and box[2] <= width and box[3] <= height for box in found)
    for group in (g for g in root.iter(f"{SVG}g") if "class" in g.attrib):
        (box,) = boxes(group)
        for text in group.iter(f"{SVG}text"):
            x, y, size = (float(text.attrib[k]) for k in ("x", "y", "font-size"))
            assert box[1] <= y - size + 3
            assert y <= box[3]
            assert x + text_width(text.text or "") * size / 2 <= box[2]
