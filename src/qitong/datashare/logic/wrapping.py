"""Breaking Chinese text into lines.

Between Chinese characters a line may break anywhere, except that no line begins with a closing mark
or ends with an opening one (避头尾: CLREQ, "Requirements for Chinese Text Layout", section 3.1).
Words and numbers in Latin letters stay whole unless they are wider than a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

NOT_FIRST = frozenset("、，。；：？！）》〉」』】〕”’…—·％%,.;:?!)]}℃～")
NOT_LAST = frozenset("（《〈「『【〔“‘([{￥¥№")

_WORD = r"[A-Za-z0-9\u00c0-\u024f_@#&+/\\=*'\"~^|<>$-]+"
_PIECE = re.compile(rf"[ \t\u3000]+|{_WORD}(?:[.,:;?!%]+{_WORD})*|.", re.DOTALL)  # 3.14 and a.cn stay whole


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of ``text``, none wider than ``width`` as ``measure`` measures it.

    A line break in the text is kept; spaces at a break vanish. A single character wider than the
    line stands alone on its line.
    """
    return [line for paragraph in text.splitlines() or [""] for line in _wrap(paragraph, width, measure)]


def _wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for unit in _units(text):
        if measure((line + unit).rstrip()) <= width:
            line += unit
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = _split(unit.lstrip(), width, measure)
        lines.extend(full)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _units(text: str) -> Iterator[str]:
    """Pieces that must not be parted: a word or character with the marks that cling to it."""
    unit = ""
    for piece in _PIECE.findall(text):
        if unit and not (piece in NOT_FIRST or unit[-1] in NOT_LAST):
            yield unit
            unit = ""
        unit += piece
    if unit:
        yield unit


def _split(unit: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """A unit as it is when it fits, otherwise cut where the line is full."""
    parts: list[str] = []
    part = ""
    for character in unit:
        if part and measure(part + character) > width:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]
