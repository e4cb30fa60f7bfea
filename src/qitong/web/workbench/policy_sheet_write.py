"""What is typed as a policy's data, and what is wrong with it, at the field that it concerns.

Only what would be no data is said here (nothing where something is asked for, no number, a row without a
fact); everything else says the check of :mod:`qitong.policies.check`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies.logic import parse
from qitong.policies.logic.rows import Join, Relation, Row, Rows, expression, plain_number, text_of
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.tokens import Mistake
from qitong.policies.logic.units import UNITS, Kind
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_cells import Cell, Many, Sort, cells, lists
from qitong.web.workbench.policy_sheet_facts import names_of, specs_of, units_of
from qitong.web.workbench.policy_sheet_layout import PARTS
from qitong.web.workbench.policy_sheet_read import NONE_OF_THEM, UNKNOWN, measured, rows_in
from qitong.web.workbench.policy_sheet_typed import get

Typed = dict[str, Any]
JOINS = {join.value for join in Join}
_AT_LEAST_ONE: dict[str, Text] = {
    "documents.0.number": _("请写明至少一份文件。"),
    "conditions.0.join": _("请写至少一项条件。"),
    "examples": _("请写至少一个手工算过的例子。"),
}


class Whole:
    """``data`` of what was typed; ``wrong``: field → sentence, in the order of the sheet."""

    def __init__(self, typed: Typed, code: str) -> None:
        self.wrong: dict[str, Text] = {}
        self._typed = typed
        self._names, self._units = names_of(typed), units_of(typed)
        self._specs = specs_of(typed)
        self._demand(typed, PARTS, "")
        for name, what in _AT_LEAST_ONE.items():
            if not typed[name.partition(".")[0]]:
                self._say(name, what)
        self.data = self._data(code)

    def _say(self, name: str, what: Text) -> None:
        self.wrong.setdefault(name, what)

    def _demand(self, typed: Typed, parts: tuple[Cell | Many, ...], head: str) -> None:
        """Something stands in every cell that asks for something."""
        for cell in cells(parts):
            if not (cell.optional or cell.sort is Sort.KEPT or get(typed, cell.name)):
                chosen = cell.sort in (Sort.CHOICE, Sort.TICKS)
                text = gettext("请选择%(what)s。") if chosen else gettext("请填写%(what)s。")
                self._say(f"{head}{cell.name}", text % {"what": cell.label})
        for many in lists(parts):
            for index, row in enumerate(typed[many.name]):
                self._demand(row, many.parts, f"{head}{many.name}.{index}.")

    # ---- the parts of the data

    def _data(self, code: str) -> dict[str, Any]:
        typed = self._typed
        return {
            "schema": 1,
            "id": code,
            **{name: typed[name] for name in ("name", "theme", "level", "region", "department", "basis")},
            "documents": [self._document(row) for row in typed["documents"]],
            "valid": {"from": typed["valid"]["from"], "to": typed["valid"]["to"] or None},
            "status": typed["status"],
            "superseded_by": typed["superseded_by"] or None,
            "windows": typed["windows"],
            "confidence": typed["confidence"],
            "reach": typed["reach"],
            "inputs": self._inputs(),
            **{name: typed[name] or None for name in ("applies_when", "unlikely_when", "item")},
            "scores": [self._score(row, f"scores.{n}") for n, row in enumerate(typed["scores"])],
            "conditions": [self._condition(row, n) for n, row in enumerate(typed["conditions"])],
            "benefit": self._benefit(),
            "figures": {row["key"]: _only(row, "label", "amount") for row in typed["figures"]},
            "exclusive_with": [row["id"] for row in typed["exclusive_with"]],
            "exclusive_outside": [row["text"] for row in typed["exclusive_outside"]],
            "stackable_with": [row["id"] for row in typed["stackable_with"]],
            "materials": [{**row["text"], "key": row["key"] or None} for row in typed["materials"]],
            "notes": _both(typed["notes"]),
            "examples": [self._example(row, f"examples.{n}") for n, row in enumerate(typed["examples"])],
        }

    def _document(self, row: Typed) -> dict[str, Any]:
        return {"number": row["number"] or None, "title": _both(row["title"]), "note": _both(row["note"])}

    def _inputs(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for index, row in enumerate(self._typed["inputs"]):
            head = f"inputs.{index}"
            if row["key"] in made:
                self._say(f"{head}.key", say("{key}重复。", key=row["key"]))
            made[row["key"]] = self._input(row, head)
        return made

    def _input(self, row: Typed, head: str) -> dict[str, Any]:
        least, most = (self._number(f"{head}.{name}", row[name]) for name in ("least", "most"))
        if (least is None) != (most is None):
            missing = "least" if least is None else "most"
            self._say(f"{head}.{missing}", gettext("最小值和最大值请都填写，或都留空。"))
        keys = [choice["key"] for choice in row["choices"]]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                self._say(f"{head}.choices.{index}.key", say("{key}重复。", key=key))
        return {
            **_only(row, "name", "unit", "period", "question"),
            "choices": {choice["key"]: _only(choice, "zh", "en") for choice in row["choices"]},
            "range": None if least is None or most is None else [least, most],
            "places": self._number(f"{head}.places", row["places"]),
            "same_as": row["same_as"] or None,
            "opposite_of": row["opposite_of"] or None,
        }

    def _benefit(self) -> dict[str, Any]:
        row = self._typed["benefit"]
        whole = _only(row, "type", "amount", "unit", "period")
        return {**whole, "ceiling": row["ceiling"] or None, "note": _both(row["note"])}

    # ---- conditions

    def _condition(self, row: Typed, index: int) -> dict[str, Any]:
        head = f"conditions.{index}"
        rule, kind = row["rule"], row["kind"]
        if row["join"] == "manual":
            rule, kind = "manual", "manual"
            if row["rows"]:
                self._say(f"{head}.join", gettext("由主管部门人工判断的，请先删去各条件行。"))
        elif row["join"] in JOINS:
            rule = self._rule(row, head)
        elif not rule:
            self._say(f"{head}.rule", gettext("请填写算式。"))
        return {"id": row["id"], "rule": rule, "kind": kind, "clause": row["clause"]}

    def _rule(self, row: Typed, head: str) -> str:
        """The rows as text; as it was written before, where it says the same."""
        rows = rows_typed(row)
        if row["was"] and rows_in(row["was"], self._typed) == rows:
            return str(row["was"])
        try:
            return expression(rows, self._units)
        except Refused as refused:
            self._say(f"{head}.{refused.field}", refused.sentence)
        return ""

    def judged_rows(self) -> None:
        """Say at its row what the language refuses of it."""
        for index, row in enumerate(self._typed["conditions"]):
            for place, each in enumerate(rows_typed(row).rows if row["join"] in JOINS else ()):
                try:
                    parse.condition(text_of(each, self._units), self._names)
                except Mistake as mistake:
                    self._say(f"conditions.{index}.rows.{place}.value", mistake.sentence)
                except Refused as refused:
                    part = refused.field.rpartition(".")[2]
                    self._say(f"conditions.{index}.rows.{place}.{part}", refused.sentence)

    # ---- scores

    def _score(self, row: Typed, head: str) -> dict[str, Any]:
        parts = [self._part(part, f"{head}.parts.{n}") for n, part in enumerate(row["parts"])]
        if not parts:
            self._say(f"{head}.how", gettext("至少写一个部分。"))
        other = "sum_of" if row["how"] == "best_of" else "best_of"
        most = self._number(f"{head}.max", row["max"])
        return {**_only(row, "name", "label"), "max": most, row["how"] or "best_of": parts, other: []}

    def _part(self, row: Typed, head: str) -> dict[str, Any]:
        if bool(row["expr"]) == bool(row["measure"]):
            self._say(f"{head}.measure", gettext("写“看什么”和分档，或者写算式，两者取一。"))
        kind = measured(row["measure"], self._typed)
        bands = [
            [
                self._bound(f"{head}.bands.{n}.bound", band["bound"], kind),
                self._number(f"{head}.bands.{n}.points", band["points"]),
            ]
            for n, band in enumerate(row["bands"])
        ]
        if row["measure"] and not bands:
            self._say(f"{head}.measure", gettext("请写至少一档。"))
        return {
            "label": row["label"],
            "measure": row["measure"] or None,
            "bands": bands,
            "below": self._number(f"{head}.below", row["below"]) or 0,
            "expr": row["expr"] or None,
        }

    def _bound(self, name: str, text: str, kind: Kind | None) -> Any:
        plain = plain_number(text)
        if plain is None:
            return text
        if kind is Kind.RATIO and Decimal(plain):
            self._say(name, gettext("比率请带百分号，如 5%。"))
        return self._number(name, text)

    # ---- examples

    def _example(self, row: Typed, head: str) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": row["name"],
            "like": row["like"] or None,
            "in": {},
            "expect": row["expect"],
        }
        for index, fact in enumerate(row["facts"]):
            place = f"{head}.facts.{index}"
            if not fact["fact"]:
                self._say(f"{place}.fact", gettext("请选择一项事实。"))
            elif fact["fact"] in made["in"]:
                self._say(f"{place}.fact", gettext("这项事实在这个例子里已经写过。"))
            else:
                made["in"][fact["fact"]] = self._fact(f"{place}.value", fact)
        for group in ("scores", "figures"):
            typed = {key: text for key, text in row[group].items() if text}
            made[group] = {key: self._amount(f"{head}.{group}.{key}", text) for key, text in typed.items()}
        if row["on"]:
            made["on"] = row["on"]
        if row["benefit"]:
            made["benefit"] = self._amount(f"{head}.benefit", row["benefit"])
        return made

    def _fact(self, name: str, row: Typed) -> Any:
        spec: FieldSpec | None = self._specs.get(row["fact"])
        values: list[str] = row["value"]
        text = values[0] if values else ""
        if spec is None or not text:
            return text or None
        if spec.kind is Kind.BOOL:
            return {"yes": True, "no": False}.get(text)
        if spec.kind is Kind.CODES:
            return [] if values == [NONE_OF_THEM] else codes(values)
        if UNITS[spec.unit].most:
            return self._number(name, text)
        return text

    def _amount(self, name: str, text: str) -> Any:
        return None if is_unknown(text) else self._number(name, text)

    def _number(self, name: str, text: str) -> int | float | None:
        """As the data writes it; None for nothing, and for what is no number, which is said."""
        if not text:
            return None
        plain = plain_number(text)
        if plain is None:
            self._say(name, gettext("请填写数字。"))
            return None
        number = Decimal(plain)
        if number == number.to_integral_value():
            return int(number)
        if Decimal(repr(float(number))) != number:
            self._say(name, gettext("小数位数过多，无法准确保存。"))
        return float(number)


def rows_typed(row: Typed) -> Rows:
    """The rows of a condition as typed; what is no relation yet is asked for."""
    found = []
    for each in row["rows"]:
        relation = each["relation"]
        known = Relation(relation) if relation in set(Relation) else Relation.AT_LEAST
        values = [] if known in (Relation.YES, Relation.NO) else codes(each["value"])
        if known not in _OF_CODES:
            plain = plain_number("".join(each["value"]))
            values = [plain if plain is not None else "".join(each["value"])]
            values = [] if known in (Relation.YES, Relation.NO) or each["than"] else values
        than = "" if known in _OF_NUMBERLESS else each["than"]
        found.append(Row(each["term"], known, tuple(values), each["per"], than))
    join = Join(row["join"]) if row["join"] in JOINS else Join.ALL
    count = int(row["count"]) if row["count"].isdecimal() and len(row["count"]) < 4 else 0
    return Rows(join, tuple(found), count if join is Join.SOME else 0)


_OF_CODES = {
    Relation.IS,
    Relation.IS_NOT,
    Relation.STARTS,
    Relation.STARTS_NOT,
    Relation.HAS,
    Relation.HAS_NOT,
}
_OF_NUMBERLESS = {*_OF_CODES, Relation.YES, Relation.NO}
"""What is said of facts that are no more and no less than others."""


def codes(values: list[str]) -> list[str]:
    """Codes that were ticked, or typed one after the other; each once, in order."""
    found = [code for value in values for code in value.replace("，", " ").replace("、", " ").split()]
    return sorted({part for code in found for part in code.split(",") if part})


def is_unknown(text: str) -> bool:
    return text in (UNKNOWN, gettext(UNKNOWN))


def _only(row: Typed, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _both(text: Typed) -> Typed | None:
    """A text in both languages; None where neither is written."""
    return text if text["zh"] or text["en"] else None


__all__ = ["JOINS", "Whole", "codes", "is_unknown", "rows_typed"]
