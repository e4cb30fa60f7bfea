"""Lines of Chinese break where a reader expects them to."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qitong.datashare.logic.wrapping import NOT_FIRST, NOT_LAST, wrap


def measure(text: str) -> float:
    """A Chinese character is two wide, a Latin letter one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("请在门户提交材料", 8, ["请在门户", "提交材料"]),
        ("请在门户，提交", 8, ["请在门", "户，提交"]),
        ("依照《安全法》办理", 6, ["依照", "《安全", "法》办", "理"]),
        ("共 3.14 亿元", 6, ["共", "3.14", "亿元"]),
        ("园区Building-B12号", 8, ["园区", "Building", "-B12号"]),
        ("一\n\n二", 8, ["一", "", "二"]),
        ("", 8, [""]),
        ("宽", 1, ["宽"]),
    ],
)
def test_lines_break_as_expected(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, measure) == lines


TEXTS = st.text(alphabet="企通服务ab1 ，。（）《》“”", max_size=60)


@given(TEXTS, st.integers(8, 30))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width, measure)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure(line) <= width for line in lines)


@given(st.lists(st.sampled_from(["企通", "服", "务。", "（园", "区）", "《法》", "ab12"]), max_size=30))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(parts: list[str]) -> None:
    text = "".join(parts)
    assume(text)
    for line in wrap(text, 12, measure):
        assert line[0] not in NOT_FIRST
        assert line[-1] not in NOT_LAST
