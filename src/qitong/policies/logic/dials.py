"""The numbers and dates of a rule that can be turned without touching its words: each with its place.

A dial is a literal inside an expression of the policy's data: ``5000万元`` in a condition, a bound or the
points of a band, the rate of a benefit. Turning it writes the new literal where the old one stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import say

Loc = tuple[str | int, ...]
_LITERAL = re.compile(
    r"'[^'\n]*'|\"[^\"\n]*\"|[A-Za-z_][A-Za-z0-9_]*|(?P<date>\d{4}-\d{2}-\d{2}(?!\d))"
    r"|(?P<number>\d+(?:\.\d+)?)(?P<unit>\s*(?:%|[\u4e00-\u9fff]+))?"
)
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,10})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Dial:
    """``key`` names it in a form; ``at`` is where its text begins in the expression at ``loc``.

    ``at`` is -1 where the value of ``loc`` is the number itself.
    """

    key: str
    loc: Loc
    at: int
    text: str
    unit: str = ""
    is_date: bool = False


def dials(data: Mapping[str, Any]) -> list[Dial]:
    """All of a policy's canonical data, in the order in which they are read."""
    return [*_conditions(data), *_scores(data), *_benefit(data)]


def turned(data: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """A copy of ``data`` with the literals of ``given`` (key of a dial to text) in their places.

    Refused, with the dial as ``field``, for what is no number (or no date), and for a dial there is not.
    """
    known = {dial.key: dial for dial in dials(data)}
    for key in given:
        if key not in known:
            raise Refused(say("规则已被修改，请重新打开本页。"), code="stale", field=key)
    copy: dict[str, Any] = _copied(data)
    changed = [(known[key], _clean(known[key], text)) for key, text in given.items()]
    for dial, text in sorted(changed, key=lambda pair: -pair[0].at):  # from the end: places before it stay
        if text != dial.text:
            _write(copy, dial, text)
    return copy


def _conditions(data: Mapping[str, Any]) -> Iterator[Dial]:
    if data.get("applies_when"):
        yield from _inside(data["applies_when"], ("applies_when",), "applies")
    for index, condition in enumerate(data["conditions"]):
        yield from _inside(condition["rule"], ("conditions", index, "rule"), condition["id"])


def _scores(data: Mapping[str, Any]) -> Iterator[Dial]:
    for index, score in enumerate(data.get("scores", [])):
        for form in ("best_of", "sum_of"):
            for place, part in enumerate(score.get(form, [])):
                loc: Loc = ("scores", index, form, place)
                name = f"{score['name']}.{place + 1}"
                if part.get("expr"):
                    yield from _inside(part["expr"], (*loc, "expr"), name)
                if part.get("measure"):
                    yield from _inside(part["measure"], (*loc, "measure"), f"{name}.of")
                for band, (bound, points) in enumerate(part.get("bands", [])):
                    yield from _of((*loc, "bands", band, 0), bound, f"{name}.{band + 1}.from")
                    yield from _of((*loc, "bands", band, 1), points, f"{name}.{band + 1}.points")


def _benefit(data: Mapping[str, Any]) -> Iterator[Dial]:
    yield from _inside(data["benefit"]["amount"], ("benefit", "amount"), "benefit")
    if data["benefit"].get("ceiling"):
        yield from _inside(data["benefit"]["ceiling"], ("benefit", "ceiling"), "ceiling")
    for name, figure in data.get("figures", {}).items():
        yield from _inside(figure["amount"], ("figures", name, "amount"), f"figure.{name}")


def _of(loc: Loc, value: object, prefix: str) -> Iterator[Dial]:
    if isinstance(value, str):
        yield from _inside(value, loc, prefix)
    elif isinstance(value, int | float):
        yield Dial(prefix, loc, -1, repr(value))


def _inside(text: str, loc: Loc, prefix: str) -> Iterator[Dial]:
    count = 0
    for match in _LITERAL.finditer(text):
        literal = match["date"] or match["number"]
        if literal:
            count += 1
            unit = (match["unit"] or "").strip()
            yield Dial(f"{prefix}.{count}", loc, match.start(), literal, unit, is_date=bool(match["date"]))


def _clean(dial: Dial, text: str) -> str:
    plain = text.strip().replace(",", "")
    if not (_DATE if dial.is_date else _NUMBER).fullmatch(plain):
        sentence = (
            say("请填写日期，如 2026-01-31。") if dial.is_date else say("请填写不带单位的数，如 1200.5。")
        )
        raise Refused(sentence, code="number", field=dial.key)
    return plain


def _write(data: Any, dial: Dial, text: str) -> None:
    *path, last = dial.loc
    for step in path:
        data = data[step]
    if dial.at < 0:
        data[last] = float(text) if "." in text else int(text)
    else:
        data[last] = data[last][: dial.at] + text + data[last][dial.at + len(dial.text) :]


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value
