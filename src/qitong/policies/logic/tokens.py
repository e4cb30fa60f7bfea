"""The words of a rule, each with its place: the first half of reading it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.policies.logic.tree import Place
from qitong.policies.logic.units import SUFFIXES

LONGEST = 2000
_ALIKE = str.maketrans(
    {"≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<", "（": "(", "）": ")", "，": ","}
)
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>\d{4}-\d{2}-\d{2}(?!\d))
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<unit>%|[\u4e00-\u9fff]+)
    |(?P<text>'[^'\n]*'|"[^"\n]*")
    |(?P<sign><=|>=|==|!=|≥|≤|≠|[-+*/()\[\]{},:<>＞＜（），])
    |(?P<other>.)""",
    re.VERBOSE,
)


_INSTEAD = {
    "=": "==",
    "＝": "==",
    "&": "and",
    "|": "or",
    "!": "not",
    "！": "not",
    "×": "*",
    "÷": "/",
}
"""What is meant by signs that other languages have."""


class Mistake(Refused):
    """A rule that cannot be read: where, and what would be right."""

    def __init__(self, sentence: Sentence, at: Place) -> None:
        super().__init__(sentence, code="rule", field="")
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number, name, unit, text, date, sign, end
    text: str
    at: Place


def tokens(text: str) -> list[Token]:
    """All tokens and an ``end``; a Mistake where something is no part of the language."""
    if len(text) > LONGEST:
        raise Mistake(say("规则过长，最多{n}个字符。", n=LONGEST), Place(1, 1))
    return [*_scan(text), Token("end", "", _place(text, len(text)))]


def _scan(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, found, at = match.lastgroup or "", match.group(), _place(text, match.start())
        if kind == "space":
            continue
        if kind == "other":
            if instead := _INSTEAD.get(found):
                told = {"sign": found, "instead": instead}
                raise Mistake(say("规则中不能使用“{sign}”；应写作 {instead}。", **told), at)
            raise Mistake(say("规则中不能使用“{sign}”。", sign=found), at)
        if kind == "unit" and found != "%" and found not in SUFFIXES:
            raise Mistake(say("不认识“{word}”；单位可写{units}。", word=found, units=_units()), at)
        yield Token(kind, found.translate(_ALIKE), at)


def _units() -> str:
    return "、".join(["%", *(name for name in SUFFIXES if not name.isascii())])


def _place(text: str, offset: int) -> Place:
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
