"""The sheet as a form: a field for each cell of what is typed, and the rows as the page shows them.

Nothing is required by the form itself: what is wrong is put to its fields by who judged it. The form is as
large as what is typed; folded rows travel as one hidden field each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext

from qitong.kernel.words import Named
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_cells import Cell, Many, Section, Sort
from qitong.web.workbench.policy_sheet_facts import figure_labels, score_labels
from qitong.web.workbench.policy_sheet_fold import summary
from qitong.web.workbench.policy_sheet_layout import SECTIONS
from qitong.web.workbench.policy_sheet_offers import Offers
from qitong.web.workbench.policy_sheet_typed import FOLDED, get
from qitong.web.workbench.policy_sheet_widgets import ROW_CELLS, input_of, kind_of_value, line
from qitong.web.workbench.policy_sheet_words import Said, said

Typed = dict[str, Any]
LONG = 20
"""Rows of one line each; of more the list is put behind a line of its own."""


@dataclass(slots=True)
class Row:
    """A row as the page shows it; of a folded one ``kept`` is its content and ``summary`` what it says."""

    path: str
    number: int
    one: Text
    parts: list[Part] = field(default_factory=list)
    said: Said | None = None
    folded: bool = False
    folds: bool = False
    kept: str = ""
    summary: Text = ""
    swap: str = ""
    """What kind of value it asks for: when that changes, its fields are others."""
    note: Text = ""
    """What the rule gives for it, where that is something else."""


@dataclass(slots=True)
class Listed:
    path: str
    many: Many
    rows: list[Row]
    note: Text = ""
    tucked: bool = False
    """Long, and nothing in it is being looked at: one line leads to its rows."""


@dataclass(slots=True)
class Part:
    """A field, with its sentence, or a list."""

    field: BoundField | None = None
    width: str = ""
    said: Said | None = None
    path: str = ""
    formula: bool = False
    swaps: bool = False
    """Another field may stand here once another fact is chosen."""
    late: bool = False
    """Stands behind those."""
    listed: Listed | None = None

    @property
    def in_condition(self) -> bool:
        """A formula that its author chose to write, and which may speak of scores."""
        return self.path.startswith("conditions.")


@dataclass(slots=True)
class Shown:
    section: Section
    parts: list[Part]


class SheetForm(forms.Form):
    """``notes``: what stands beside a row, by its path. What is wrong is given with :meth:`wrong`."""

    def __init__(self, typed: Typed, offers: Offers, notes: Mapping[str, Text] | None = None) -> None:
        super().__init__({}, use_required_attribute=False)
        self.data: dict[str, Any] = {}
        self._typed, self.offers, self._notes = typed, offers, notes or {}
        self._said = said(typed)
        self.focus, self.moved = "", ""
        self.shown = [self._section(section) for section in SECTIONS]

    def full_clean(self) -> None:
        """Judge nothing: :meth:`wrong` says what is."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def wrong(self, found: Mapping[str, Text]) -> None:
        """Put sentences to fields, in the order of the page; those without a field to the whole."""
        order = {name: place for place, name in enumerate(self.fields)}
        for name in sorted(found, key=lambda name: order.get(name, -1)):
            self.add_error(name if name in self.fields else None, str(found[name]))

    def look_at(self, path: str) -> None:
        """The first field of a row, or else of its list, has the focus when the page opens; of a row that was
        moved the button has it, so that it can be moved on."""
        self.focus = path
        for part in (part for shown in self.shown for part in shown.parts):
            if part.listed and f"{path}.".startswith(f"{part.listed.path}."):
                part.listed.tucked = False
        if self.moved:
            return
        first = next((name for name in self.fields if name.startswith(f"{path}.") or name == path), None)
        if path and first is not None:
            self.fields[first].widget.attrs["autofocus"] = True

    # ---- building

    def _section(self, section: Section) -> Shown:
        return Shown(section, list(self._parts(section.parts, self._typed, "")))

    def _parts(self, parts: tuple[Cell | Many, ...], row: Typed, head: str) -> Iterator[Part]:
        for part in parts:
            path = f"{head}{part.name}"
            if isinstance(part, Many):
                if not _is_aside(part.name, row):
                    yield Part(listed=self._list(part, row[part.name], path), path=path)
            elif part.sort is Sort.AMOUNTS:
                yield from self._amounts(part, row[part.name], path)
            elif not _is_aside(part.name, row):
                yield self._field(part, row, path)

    def _list(self, many: Many, rows: list[Typed], path: str) -> Listed:
        shown = [self._row(many, row, f"{path}.{n}", n + 1) for n, row in enumerate(rows)]
        tucked = len(shown) > LONG and all(row.folded and not row.note for row in shown)
        return Listed(path, many, shown, self._notes.get(path, ""), tucked)

    def _row(self, many: Many, row: Typed, path: str, number: int) -> Row:
        shown = Row(path, number, many.one, folds=many.folds, note=self._notes.get(path, ""))
        if row.get(FOLDED):
            shown.folded = True
            shown.kept = json.dumps({k: v for k, v in row.items() if k != FOLDED}, ensure_ascii=False)
            shown.summary = summary(many.name, row, self.offers)
            return shown
        shown.parts = list(self._parts(many.parts, row, f"{path}."))
        shown.said = self._said.get(path)
        if "term" in row or "fact" in row:
            shown.swap = kind_of_value(row, self.offers)
        return shown

    def _field(self, cell: Cell, row: Typed, path: str) -> Part:
        value = get(row, cell.name)
        label, widget = input_of(cell, row, value, self.offers)
        several = isinstance(widget, forms.CheckboxSelectMultiple)
        self._add(path, label, widget, cell, value if several else _line(value))
        hidden = isinstance(widget, forms.HiddenInput)
        swaps = cell.name in ("relation", "value")
        return Part(
            self[path],
            "" if hidden else cell.width,
            self._said.get(path),
            path,
            cell.sort is Sort.FORMULA,
            swaps,
            cell.name == "than",
        )

    def _add(self, path: str, label: Text, widget: forms.Widget, cell: Cell, value: Any) -> None:
        made = forms.CharField(label=str(label), widget=widget, help_text=str(cell.hint), required=True)
        made.required = not (cell.optional and cell.name not in ROW_CELLS)
        self.fields[path] = made
        self.data[path] = value

    def _amounts(self, cell: Cell, given: Mapping[str, str], path: str) -> Iterator[Part]:
        labels = dict(figure_labels(self._typed) if cell.source == "figures" else score_labels(self._typed))
        if cell.source == "scores" and labels:
            labels["total"] = Named("总分", "Total score")
        for key, label in labels.items():
            name = f"{path}.{key}"
            self._add(
                name,
                f"{cell.label}{gettext('：')}{label}",
                line(inputmode="decimal"),
                cell,
                given.get(key, ""),
            )
            yield Part(self[name], cell.width, None, name)


def _line(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _is_aside(name: str, row: Typed) -> bool:
    """Of a condition: what its way of joining does not need."""
    match name:
        case "rows":
            written = any(get(each, name) for each in row["rows"] for name in ("term", "value", "relation"))
            return row["join"] == "formula" or (row["join"] == "manual" and not written)
        case "count":
            return row.get("join") != "some"
        case "rule":
            return row.get("join") != "formula"
    return False
