"""Where a condition stands in its document: 第五条（二） is Art. 5 (2), 附件1 is Annex 1."""

from __future__ import annotations

import re

from qitong.kernel.words import Named

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"百": 100, "十": 10}
_NUMBER = rf"[{''.join(_DIGITS)}{''.join(_TENS)}]{{1,7}}|[0-9]{{1,3}}"
_KINDS = {
    "章": "Ch. {}",
    "节": "Sec. {}",
    "部分": "Part {}",
    "条": "Art. {}",
    "款": "para. {}",
    "项": "item {}",
}
_DOCUMENTS = {"": "", "实施条例": "Implementing Regulations", "实施细则": "Implementing Rules"}
_STEP = re.compile(
    rf"附件(?P<annex>{_NUMBER})?|第[（(]?(?P<nth>{_NUMBER})[）)]?(?P<kind>{'|'.join(_KINDS)})"
    rf"|[（(](?P<sub>{_NUMBER})[）)]"
)


def place(clause: str) -> Named | None:
    """The reference in both languages, None without one; of several (、), an irregular one stays Chinese."""
    if not clause:
        return None
    return Named(clause, ", ".join(_english(part) or part for part in clause.split("、")))


def _english(part: str) -> str:
    """Empty when it is no regular form: then it is no translation of ours to make."""
    name = next((name for name in _DOCUMENTS if name and part.startswith(name)), "")
    rest, said = part.removeprefix(name), [_DOCUMENTS[name]] if name else []
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return ""
        said.append(_step(step))
        rest = rest[step.end() :]
    return " ".join(said) if len(said) > bool(name) else ""


def _step(step: re.Match[str]) -> str:
    if kind := step["kind"]:
        return _KINDS[kind].format(number(step["nth"]))
    if step["sub"]:
        return f"({number(step['sub'])})"
    return f"Annex {number(step['annex'])}" if step["annex"] else "Annex"


def number(text: str) -> int:
    """Up to 999, as laws count: 二十三 is 23, 一百零二 is 102."""
    if text.isascii():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
