"""What a sheet says, in sentences beside its fields, made from what is typed; nothing is judged or kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from qitong.kernel.errors import Refused
from qitong.policies.logic import asked, parse, wording
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.parse import Names
from qitong.policies.logic.rows import expression, plain_number
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Bands, Num
from qitong.policies.logic.units import Kind, Number, exact
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_facts import names_of, units_of, words_of
from qitong.web.workbench.policy_sheet_write import JOINS, rows_typed

Typed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """``lines`` of a condition, or ``text`` of an amount, or ``wrong``: why there is no sentence yet."""

    lines: tuple[asked.Line, ...] = ()
    text: Text = ""
    wrong: Text = ""


def said(typed: Typed) -> dict[str, Said]:
    """By the place they stand beside; places where nothing is written say nothing."""
    return dict(_Saying(typed).all())


def unread(typed: Typed) -> Iterator[tuple[str, Text]]:
    """Fields whose formula does not read, with why; of conditions in rows each row says it itself."""
    for place, each in said(typed).items():
        match place.split("."):
            case ["conditions", index] if typed["conditions"][int(index)]["join"] != "formula":
                continue
            case ["conditions", _]:
                name = f"{place}.rule"
            case ["scores", score, _, part]:
                row = typed["scores"][int(score)]["parts"][int(part)]
                name = f"{place}.{'expr' if row['expr'] else 'measure'}"
            case ["figures", _]:
                name = f"{place}.amount"
            case _:
                name = place
        if each.wrong:
            yield name, each.wrong


class _Saying:
    def __init__(self, typed: Typed) -> None:
        self._typed, self._rule, self._units = typed, words_of(typed), units_of(typed)
        self._names, self._facts = names_of(typed), names_of(typed, scores=False)

    def all(self) -> Iterator[tuple[str, Said]]:
        typed = self._typed
        for scope in ("applies_when", "unlikely_when"):
            yield scope, self._condition(typed[scope], self._facts)
        for index, row in enumerate(typed["conditions"]):
            yield f"conditions.{index}", self._of(row)
        for index, score in enumerate(typed["scores"]):
            for place, part in enumerate(score["parts"]):
                yield f"scores.{index}.parts.{place}", self._part(part)
        yield "benefit.amount", self._amount(typed["benefit"]["amount"], Kind.MONEY)
        yield "benefit.ceiling", self._amount(typed["benefit"]["ceiling"], Kind.MONEY)
        for index, row in enumerate(typed["figures"]):
            yield f"figures.{index}", self._amount(row["amount"], Kind.MONEY)

    def _of(self, row: Typed) -> Said:
        if row["join"] == "manual":
            return self._condition("manual", self._names)
        if row["join"] not in JOINS:
            return self._condition(row["rule"], self._names)
        if not any(it["term"] for it in row["rows"]):
            return Said()
        try:
            text = expression(rows_typed(row), self._units)
        except Refused as refused:
            return Said(wrong=refused.sentence)
        return self._condition(text, self._names)

    def _condition(self, text: str, names: Names) -> Said:
        return _tried(text, lambda: Said(asked.lines(parse.condition(text, names), self._rule)))

    def _amount(self, text: str, kind: Kind) -> Said:
        return _tried(
            text, lambda: Said(text=formula(parse.amount(text, self._facts, kind), self._rule, kind))
        )

    def _part(self, row: Typed) -> Said:
        if row["expr"]:
            return self._amount(row["expr"], Kind.POINTS)
        return _tried(row["measure"], lambda: Said(text=_measured(row, self._facts, self._rule)))


def _measured(row: Typed, names: Names, rule: Rule) -> Text:
    """What is looked at, with its bands where they can be read."""
    measure, kind = parse.measure(row["measure"], names)
    steps: list[tuple[Number, Number]] = []
    for band in row["bands"]:
        try:
            bound, points = (
                parse.amount(band[name], Names({}), of)
                for name, of in (("bound", kind), ("points", Kind.POINTS))
            )
        except Refused:
            return wording.words(measure, rule)
        if not (isinstance(bound, Num) and isinstance(points, Num)):
            return wording.words(measure, rule)
        steps.append((bound.value, points.value))
    below = plain_number(row["below"]) or "0"
    table = Bands(measure, tuple(steps), exact(below), kind)
    return formula(table, rule, Kind.POINTS) if steps else wording.words(measure, rule)


def _tried(text: str, say: Callable[[], Said]) -> Said:
    if not text:
        return Said()
    try:
        return say()
    except Refused as refused:
        return Said(wrong=refused.sentence)


__all__ = ["Said", "said", "unread"]
