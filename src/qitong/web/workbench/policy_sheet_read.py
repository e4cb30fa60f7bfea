"""A policy's data as it stands in its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qitong.policies.compiling import written
from qitong.policies.logic import parse
from qitong.policies.logic.rows import Rows, rows_of
from qitong.policies.logic.tokens import Mistake
from qitong.policies.logic.tree import Manual
from qitong.policies.logic.units import Kind, decimal_text
from qitong.web.workbench.policy_sheet_facts import names_of, units_of
from qitong.web.workbench.policy_sheet_typed import FOLDED, Typed, coerce

UNKNOWN = "不详"
"""Typed for an amount that cannot be told."""


def typed_of(data: Mapping[str, Any], seen: str = "") -> Typed:
    """``data``: canonical. Facts and examples are folded: there are many."""
    raw: dict[str, Any] = {name: data.get(name) or "" for name in _PLAIN}
    raw |= {name: data.get(name) or {} for name in ("name", "basis", "valid", "notes")}
    raw |= {"level": data["level"], "seen": seen, "windows": data.get("windows", [])}
    raw["documents"] = [
        {"number": it["number"] or "", "title": it.get("title") or {}, "note": it.get("note") or {}}
        for it in data["documents"]
    ]
    raw["inputs"] = [{**_input(name, it), FOLDED: True} for name, it in data["inputs"].items()]
    raw["benefit"] = {**data["benefit"], "note": data["benefit"].get("note") or {}}
    raw["figures"] = [{**it, "key": key} for key, it in data.get("figures", {}).items()]
    raw["exclusive_with"] = [{"id": code} for code in data.get("exclusive_with", [])]
    raw["stackable_with"] = [{"id": code} for code in data.get("stackable_with", [])]
    raw["exclusive_outside"] = [{"text": it} for it in data.get("exclusive_outside", [])]
    raw["materials"] = [{"text": it, "key": it.get("key") or ""} for it in data.get("materials", [])]
    typed = coerce(raw)  # names and units are known now
    typed |= coerce({"scores": [_score(it, typed) for it in data.get("scores", [])]}, ("scores",))
    conditions = [{**it, **_condition(it["rule"], typed)} for it in data["conditions"]]
    typed |= coerce({"conditions": conditions}, ("conditions",))
    examples = [{**_example(it), FOLDED: True} for it in data["examples"]]
    typed |= coerce({"examples": examples}, ("examples",))
    return typed


_PLAIN = (
    "theme",
    "region",
    "department",
    "reach",
    "confidence",
    "status",
    "superseded_by",
    "applies_when",
    "unlikely_when",
    "item",
)


def _input(key: str, given: Mapping[str, Any]) -> dict[str, Any]:
    least, most = given.get("range") or ("", "")
    return {
        **{name: given[name] for name in ("name", "question", "unit", "period")},
        "key": key,
        "choices": [{**text, "key": code} for code, text in given.get("choices", {}).items()],
        "least": number_text(least),
        "most": number_text(most),
        "places": number_text(given.get("places")),
        "same_as": given.get("same_as") or "",
        "opposite_of": given.get("opposite_of") or "",
    }


def input_row(key: str, given: Mapping[str, Any]) -> Typed:
    """A fact of another policy as a row of this sheet."""
    row: Typed = coerce({"inputs": [{**_input(key, given), FOLDED: True}]}, ("inputs",))["inputs"][0]
    return row


def example_row(given: Mapping[str, Any]) -> Typed:
    """An example as a row of this sheet."""
    row: Typed = coerce({"examples": [{**_example(given), FOLDED: True}]}, ("examples",))["examples"][0]
    return row


def number_text(value: Any) -> str:
    """A number of the data with all its digits; empty for none."""
    if value is None or value == "":
        return ""
    return str(decimal_text(written(value))) if isinstance(value, int | float) else str(value)


# ---- conditions


def _condition(rule: str, typed: Typed) -> dict[str, Any]:
    return {"rule": rule, "was": rule, **rows_typed(rule, typed)}


def rows_typed(rule: str, typed: Typed) -> dict[str, Any]:
    """``join``, ``count`` and ``rows`` of a rule's text; joined otherwise it is a formula."""
    found = rows_in(rule, typed)
    if isinstance(found, Manual):
        return {"join": "manual", "rows": []}
    if found is None:
        return {"join": "formula", "rows": []}
    rows = [
        {
            "term": row.term,
            "per": row.per,
            "relation": row.relation.value,
            "than": row.than,
            "value": list(row.values),
        }
        for row in found.rows
    ]
    return {"join": found.join.value, "count": str(found.count or ""), "rows": rows}


def rows_in(rule: str, typed: Typed) -> Rows | Manual | None:
    try:
        node = parse.condition(rule, names_of(typed))
    except Mistake:
        return None
    return node if isinstance(node, Manual) else rows_of(node, units_of(typed))


# ---- scores and examples


def _score(given: Mapping[str, Any], typed: Typed) -> dict[str, Any]:
    how = "best_of" if given.get("best_of") else "sum_of"
    return {
        "name": given["name"],
        "label": given["label"],
        "max": number_text(given["max"]),
        "how": how,
        "parts": [_part(part, typed) for part in given[how]],
    }


def _part(given: Mapping[str, Any], typed: Typed) -> dict[str, Any]:
    kind = measured(given.get("measure") or "", typed)
    return {
        "label": given["label"],
        "measure": given.get("measure") or "",
        "expr": given.get("expr") or "",
        "below": number_text(given.get("below")) if given.get("below") else "",
        "bands": [
            {"bound": _bound(bound, kind), "points": number_text(points)}
            for bound, points in given.get("bands", [])
        ],
    }


def measured(text: str, typed: Typed) -> Kind | None:
    """What the measure of a table is measured in, None while it does not read."""
    try:
        return parse.measure(text, names_of(typed))[1] if text else None
    except Mistake:
        return None


def _bound(bound: Any, kind: Kind | None) -> str:
    """A share is always written in percent: 0.05 is 5%."""
    if kind is Kind.RATIO and isinstance(bound, int | float) and bound:
        return f"{(Decimal(repr(bound)) * 100).normalize():f}%"
    return number_text(bound)


def _example(given: Mapping[str, Any]) -> dict[str, Any]:
    amounts = {
        group: {key: _amount(value) for key, value in given.get(group, {}).items()}
        for group in ("scores", "figures")
    }
    return {
        "name": given["name"],
        "like": given.get("like") or "",
        "on": given.get("on") or "",
        "expect": given["expect"],
        "benefit": _amount(given["benefit"]) if "benefit" in given else "",
        "facts": [{"fact": name, "value": _fact(value)} for name, value in given["in"].items()],
        **amounts,
    }


def _amount(value: Any) -> str:
    return UNKNOWN if value is None else number_text(value)


def _fact(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [str(each) for each in value] or [NONE_OF_THEM]
    return [text] if (text := number_text(value)) else []


NONE_OF_THEM = "-"
"""Of a fact with several choices: that none is chosen is known."""
