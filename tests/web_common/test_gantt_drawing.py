from __future__ import annotations

import datetime as dt
import itertools
from xml.etree import ElementTree as ET

import pytest

from qitong.casework.logic.gantt import Step, chart
from qitong.kernel.workdays import official
from qitong.web.common.gantt import Mark, Words, svg

MONDAY = dt.date(2026, 3, 2)


def _drawn(n: int, **marks: dt.date) -> str:
    steps = [
        Step(f"s{i}", (f"s{i - 1}",) if i else (), 4, started=MONDAY if not i else None) for i in range(n)
    ]
    words = {step.key: Words(f"步骤<{step.key}>", "发改委、张三", "待领取", "running") for step in steps}
    made = chart(official(), steps, today=MONDAY)
    given = [Mark(on, label, "promise") for label, on in marks.items()]
    return svg(made, words, today=MONDAY, is_workday=official().is_workday, marks=given)


def test_it_is_a_drawing_with_a_name_and_escaped_words() -> None:
    drawing = _drawn(3, 承诺=dt.date(2026, 3, 20))
    root = ET.fromstring(drawing)  # noqa: S314  (our own drawing)
    assert root.get("role") == "img"
    assert (root.get("aria-label") or "").startswith("进度图，共3步")
    assert "<s1>" not in drawing
    assert "承诺 03-20" in drawing


def test_everything_lies_within_it_however_long_the_course() -> None:
    for n in (1, 5, 40):
        root = ET.fromstring(_drawn(n))  # noqa: S314  (our own drawing)
        width = float(root.get("width") or 0)
        for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
            assert float(rect.get("x") or 0) >= 0
            assert float(rect.get("x") or 0) + float(rect.get("width") or 0) <= width
    assert width < 4000


@pytest.mark.parametrize("later", [0, 1, 2, 30])
def test_of_days_close_together_no_word_covers_another(later: int) -> None:
    day = dt.date(2026, 3, 20)
    root = ET.fromstring(_drawn(3, 承诺=day, 法定=day + dt.timedelta(days=later + 1)))  # noqa: S314  (our own)
    placed = []
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        if (group.get("class") or "").startswith("gantt-mark"):
            text = group[1]
            x, wide = float(text.get("x") or 0), 12 * 6.5
            placed.append((text.get("y"), x if text.get("text-anchor") == "start" else x - wide))
    assert len(placed) == 3
    assert not [1 for (y, a), (z, b) in itertools.combinations(placed, 2) if y == z and abs(a - b) < 60]


def test_no_steps_no_drawing() -> None:
    assert _drawn(0) == ""
