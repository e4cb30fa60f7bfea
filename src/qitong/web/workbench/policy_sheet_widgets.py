"""The input of each cell of a sheet: what sort it is says the layout, what a value is its fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.kernel.words import Named
from qitong.policies.logic.rows import Relation, kind_of, unit_of
from qitong.policies.logic.units import UNITS, Kind
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_cells import Cell, Sort
from qitong.web.workbench.policy_sheet_offers import Offers

Typed = dict[str, Any]
Input = tuple[Text, forms.Widget]
"""A label, and what one types into."""
YES_NO: list[tuple[str, Text]] = [("yes", _("是")), ("no", _("否"))]
LONGEST = 2000
ROW_CELLS = {"term", "per", "relation", "than", "value", "fact"}
"""Said without “optional”: a row without them is no row."""


_FEWEST = {"per": 1, "than": 2}
"""Of fewer facts there is nothing to choose."""


def line(**attrs: str) -> forms.TextInput:
    return forms.TextInput({"autocomplete": "off", **attrs})


def _number() -> forms.TextInput:
    return line(inputmode="decimal")


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"})


def _formula() -> forms.Textarea:
    return forms.Textarea({"rows": 2, "maxlength": LONGEST, "spellcheck": "false", "class": "code"})


_PLAIN: dict[Sort, Callable[[], forms.Widget]] = {
    Sort.LINE: line,
    Sort.NUMBER: _number,
    Sort.DAY: _day,
    Sort.FORMULA: _formula,
    Sort.TEXT: lambda: forms.Textarea({"rows": 3, "maxlength": LONGEST}),
    Sort.KEPT: forms.HiddenInput,
}


def input_of(cell: Cell, row: Typed, value: Any, offers: Offers) -> Input:
    """``row``: in which the cell stands, ``value``: what it holds."""
    if cell.sort is Sort.VALUE:
        return _value(cell.label, row, offers)
    if cell.sort is Sort.TICKS:
        return cell.label, forms.CheckboxSelectMultiple(choices=offers.of(cell.source))
    if cell.name in _FEWEST and not value and _is_idle(cell, row, offers):
        return "", forms.HiddenInput()
    if cell.sort is Sort.CHOICE:
        return cell.label, _select(cell, row, value, offers)
    return cell.label, _PLAIN[cell.sort]()


def _is_idle(cell: Cell, row: Typed, offers: Offers) -> bool:
    """Nothing to choose from, or the fact of the row is no amount."""
    plain = kind_of(row["term"], offers.units) in (Kind.BOOL, Kind.CODE, Kind.CODES)
    return plain or len(offers.of(cell.name)) < _FEWEST[cell.name]


def _select(cell: Cell, row: Typed, value: str, offers: Offers) -> forms.Select:
    offered = offers.relations(row["term"]) if cell.source == "relation" else offers.of(cell.source)
    if cell.source == "like":
        offered = [it for it in offered if it[0] != row["name"]]
    blank = gettext("无") if (cell.optional and cell.name not in ROW_CELLS) or cell.name == "per" else ""
    blank = gettext("与数值比") if cell.name == "than" else blank
    preset = value and not cell.optional and cell.name in ("join", "kind", "how")
    choices: list[tuple[str, Text]] = [] if preset else [("", blank or gettext("请选择"))]
    if value and cell.source != "relation" and value not in {key for key, _word in offered}:
        choices.append((value, value))
    return forms.Select(choices=_worded([*choices, *offered]))


def _worded(choices: Iterable[tuple[str, Text | Named]]) -> list[tuple[str, str]]:
    return [(key, str(word)) for key, word in choices]


def _value(label: Text, row: Typed, offers: Offers) -> Input:
    """What is asked of the fact of a row."""
    kind = kind_of_value(row, offers)
    sort, _colon, rest = kind.partition(":")
    spec = offers.specs.get(rest)
    unknown = ("", gettext("不知道"))
    match sort:
        case "none":
            found: Input = ("", forms.HiddenInput())
        case "bool":
            found = (gettext("是或否"), forms.Select(choices=_worded([unknown, *YES_NO])))
        case "ticks" if spec is not None:
            found = (gettext("选项"), forms.CheckboxSelectMultiple(choices=_worded(spec.codes)))
        case "one" if spec is not None:
            found = (gettext("选项"), forms.Select(choices=_worded([unknown, *spec.codes])))
        case "date":
            found = (gettext("日期"), _day())
        case "codes":
            found = (gettext("代码，几个用空格隔开"), line())
        case _:
            unit = str(UNITS[rest].name) if rest in UNITS else rest
            told = {"what": label, "unit": unit}
            found = (gettext("%(what)s（%(unit)s）") % told if unit else label, _number())
    return found


def kind_of_value(row: Typed, offers: Offers) -> str:
    """A word that is another where the fields are others; a fact or a unit behind its colon."""
    example = "fact" in row
    term = row["fact"] if example else row["term"]
    kind, spec = kind_of(term, offers.units), offers.specs.get(term)
    if kind is Kind.BOOL:
        return "bool" if example else "none"
    if kind in (Kind.CODE, Kind.CODES):
        starts = not example and row["relation"] in (Relation.STARTS, Relation.STARTS_NOT)
        if starts or not (spec and spec.codes):
            return "codes"
        return f"one:{term}" if example and kind is Kind.CODE else f"ticks:{term}"
    if not example and row["than"]:
        return "none"
    if kind is Kind.DATE:
        return "date"
    unit = offers.units.get(term, "") if example else unit_of(term, row["per"], offers.units)
    return f"number:{unit}"
