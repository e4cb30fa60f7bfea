"""The numbers and days of a policy as one form: a field for each, beneath the sentence it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.logic import asked, dials
from qitong.policies.logic.clauses import place
from qitong.policies.logic.dials import Dial
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.numberwords import purpose
from qitong.policies.logic.rule import Rule, Score
from qitong.policies.logic.tree import Bands, Compare, Least, Place, Tree
from qitong.policies.logic.units import COUNTED, UNITS, Kind
from qitong.web.common.parts import Text

_UNITS = {unit.name.zh: unit.name for unit in UNITS.values()}
_COUNTED = {unit.kind: unit.name for unit in UNITS.values() if unit.kind in COUNTED}
"""What a bare number of a comparison counts."""


@dataclass(slots=True)
class Band:
    """A row of a decision table: from which bound up, and for how many points."""

    bounds: list[BoundField] = field(default_factory=list)
    points: list[BoundField] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """What belongs together, with the sentences in which its numbers stand."""

    title: Text | Named
    asks: tuple[asked.Line, ...] = ()
    amount: Named | Sentence | None = None
    unit: str = ""
    """Of the bounds of its bands."""
    fields: list[BoundField] = field(default_factory=list)
    bands: dict[int, Band] = field(default_factory=dict)


class NumbersForm(forms.Form):
    """``numbers`` and ``days`` are what was changed against what was on the page."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], rule: Rule, seen: str, sent: QueryDict | None = None) -> None:
        super().__init__(sent, initial={"seen": seen})
        self._data, self._rule = data, rule
        found = dials.dials(data)
        self._dials = {dial.key: dial for dial in found}
        self._days = dict(_days(data))
        labels = _labels(found, data, rule)
        for dial in found:
            self.fields[dial.key] = forms.CharField(
                label=labels[dial.key],
                initial=dial.text,
                max_length=40,
                error_messages={"required": _("请填写数值。")},
                widget=forms.DateInput({"type": "date"})
                if dial.is_date
                else forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )
        for key, (label, value) in self._days.items():
            self.fields[key] = forms.CharField(
                label=label,
                initial=value,
                required=key != "valid.to",
                error_messages={"required": _("请填写日期。")},
                widget=forms.DateInput({"type": "date"}),
            )

    @property
    def numbers(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self._dials if key in self.changed_data}

    @property
    def days(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self._days if key in self.changed_data}

    @property
    def groups(self) -> list[Group]:
        """Fields by what they belong to, in the order of the policy."""
        found: dict[dials.Loc, Group] = {}
        for dial in self._dials.values():
            where = _group_of(dial)
            group = found.get(where) or found.setdefault(where, Group(*self._head(where)))
            if band := _band(dial):
                row = group.bands.setdefault(band[0], Band())
                (row.points if band[1] else row.bounds).append(self[dial.key])
                group.unit = group.unit or ("" if band[1] else _unit(dial))
            else:
                group.fields.append(self[dial.key])
        return list(found.values())

    @property
    def dates(self) -> list[BoundField]:
        return [self[key] for key in self._days]

    def _head(self, where: dials.Loc) -> tuple[Text | Named, tuple[asked.Line, ...], Named | Sentence | None]:
        """Title and sentences of what lies at a place of the policy's data."""
        rule = self._rule
        match where:
            case ("applies_when",):
                return gettext("适用范围"), asked.lines(rule.applies, rule), None
            case ("conditions", int(index)):
                condition = rule.conditions[index]
                title = gettext("条件%(id)s") % {"id": condition.id}
                title = f"{title} {place(condition.clause) or ''}".strip()
                return title, asked.lines(condition.node, rule), None
            case ("scores", int(index), _form, int(part)):
                measured = formula(rule.scores[index].parts[part], rule, Kind.POINTS)
                return _part_label(self._data, rule.scores[index], where), (), measured
            case ("benefit", "ceiling"):
                return gettext("最高限额"), (), None
            case ("benefit", _amount):
                return gettext("享受的金额"), (), formula(rule.benefit.node, rule, Kind.MONEY)
        figure = next(figure for figure in rule.figures if figure.name == where[1])
        return figure.label, (), formula(figure.node, rule, Kind.MONEY)


def _part_label(data: Mapping[str, Any], score: Score, where: dials.Loc) -> Named:
    part: Any = data
    for step in where:
        part = part[step]
    return Named(f"{score.label.zh}：{part['label']['zh']}", f"{score.label.en}: {part['label']['en']}")


def _group_of(dial: Dial) -> dials.Loc:
    """The place of the group: a condition, a part of a score, the amount, the ceiling, a figure."""
    of = {"applies_when": 1, "scores": 4}
    return dial.loc[: of.get(str(dial.loc[0]), 2)]


def _band(dial: Dial) -> tuple[int, int] | None:
    """Of a number in a band: its row, and 0 for the bound or 1 for the points."""
    match dial.loc:
        case ("scores", _, _, _, "bands", int(row), int(column)):
            return row, column
    return None


def _where(dial: Dial) -> tuple[dials.Loc, tuple[int, int] | None]:
    return _group_of(dial), _band(dial)


def _labels(found: list[Dial], data: Mapping[str, Any], rule: Rule) -> dict[str, str]:
    """What each number is for, by the key of its dial; what tells those apart that are alike is told too.

    Numbers of a place that are alike even so are counted.
    """
    plain = {dial.key: _label(dial, data, rule) for dial in found}
    for alike in _alike(found, plain):
        plain |= {dial.key: _label(dial, data, rule, fully=True) for dial in alike}
    counts = {dial.key: n for alike in _alike(found, plain) for n, dial in enumerate(alike, 1)}
    labels = {}
    for dial in found:
        text, unit = plain[dial.key]
        if n := counts.get(dial.key):
            text = gettext("%(what)s：第%(n)s个") % {"what": text, "n": n}
        labels[dial.key] = gettext("%(what)s（%(unit)s）") % {"what": text, "unit": unit} if unit else text
    return labels


def _alike(found: Sequence[Dial], plain: Mapping[str, tuple[str, str]]) -> list[list[Dial]]:
    """The numbers of a place that are said to be for the same, where there are several."""
    groups: dict[object, list[Dial]] = {}
    for dial in found:
        groups.setdefault((_where(dial), plain[dial.key]), []).append(dial)
    return [group for group in groups.values() if len(group) > 1]


def _label(dial: Dial, data: Mapping[str, Any], rule: Rule, *, fully: bool = False) -> tuple[str, str]:
    """What it is for, and its unit."""
    band, unit = _band(dial), _unit(dial)
    if band:
        told = {"row": band[0] + 1}
        return gettext("第%(row)s档得分") % told if band[1] else gettext("第%(row)s档下限") % told, unit
    found = _purpose(dial, data, rule, fully=fully)
    if found is None:
        return gettext("日期") if dial.is_date else gettext("数值"), unit
    says, bounds = found
    counted = str(_COUNTED[bounds.kind]) if bounds is not None and bounds.kind in _COUNTED else ""
    return str(says), unit or counted


def _purpose(
    dial: Dial, data: Mapping[str, Any], rule: Rule, *, fully: bool
) -> tuple[Text | Named, Compare | None] | None:
    if dial.loc == ("benefit", "ceiling"):
        return gettext("最高限额"), None
    text: Any = data
    for step in dial.loc:
        text = text[step]
    before = text[: dial.at]
    tree, whole = _tree(dial, rule)
    start = len(before.rstrip()) - 1 if before.rstrip().endswith("-") else dial.at
    for at in (dial.at, start):  # a minus sign belongs to its number where nothing is taken away
        line = before[:at].count("\n")
        place = Place(line + 1, at - (before[:at].rfind("\n") + 1) + 1)
        if found := purpose(tree, place, rule, whole, fully=fully):
            return found
    return None


def _tree(dial: Dial, rule: Rule) -> tuple[Tree, Sentence | None]:
    """The tree of its place, and what that is where it is a number."""
    match dial.loc:
        case ("conditions", int(index), "rule"):
            return rule.conditions[index].node, None
        case ("scores", int(index), _form, int(part), "measure"):
            tree = rule.scores[index].parts[part]
            return tree.measure if isinstance(tree, Bands) else tree, None
        case ("scores", int(index), _form, int(part), _expr):
            return rule.scores[index].parts[part], say("可得的分")
        case ("figures", str(name), _amount):
            return next(it.node for it in rule.figures if it.name == name), say("数额")
        case ("benefit", _amount):
            node = rule.benefit.node
            capped = rule.benefit.ceiling is not None and isinstance(node, Least)
            return node.parts[0] if capped and isinstance(node, Least) else node, say("数额")
    return rule.applies, None


def _unit(dial: Dial) -> str:
    return str(_UNITS.get(dial.unit, dial.unit))


def _days(data: Mapping[str, Any]) -> list[tuple[str, tuple[str, str]]]:
    valid = data["valid"]
    found = [
        ("valid.from", (gettext("施行日期"), valid["from"])),
        ("valid.to", (gettext("有效期至（空白为长期）"), valid["to"] or "")),
    ]
    for index, window in enumerate(data.get("windows", [])):
        place = {"n": index + 1}
        found.append((f"windows.{index}.open", (gettext("第%(n)s个申报窗口开始") % place, window["open"])))
        found.append((f"windows.{index}.close", (gettext("第%(n)s个申报窗口截止") % place, window["close"])))
    return found
