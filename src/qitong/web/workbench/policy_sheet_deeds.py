"""The buttons of a sheet that judge nothing: a row more or less, a condition in another way, a result."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from qitong.kernel.errors import Refused
from qitong.policies.logic.rows import Rows, expression
from qitong.policies.schema import Input
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet_facts import units_of
from qitong.web.workbench.policy_sheet_keys import keyed
from qitong.web.workbench.policy_sheet_read import input_row, rows_in, rows_typed
from qitong.web.workbench.policy_sheet_typed import FOLDED, changed, coerce, get
from qitong.web.workbench.policy_sheet_work import edged, worked
from qitong.web.workbench.policy_sheet_write import JOINS
from qitong.web.workbench.policy_sheet_write import rows_typed as as_rows

Typed = dict[str, Any]
ROOM = 700
"""Fields of a form; beyond that what is not being looked at folds. Django takes a thousand."""


def done(typed: Typed, deed: str, known: dict[str, Input], chosen: str) -> tuple[str, dict[str, Text]]:
    """Do it; where to look then, and what to say beside which row. Changes ``typed``."""
    name, _, path = deed.partition(":")
    if name == "known":
        if chosen in known and chosen not in {row["key"] for row in typed["inputs"]}:
            typed["inputs"].append(input_row(chosen, known[chosen].model_dump(mode="json")))
        return "known", {}
    if name == "work":
        head, _, index = path.rpartition(".")
        if head != "examples" or not index.isdecimal() or get(typed, path) is None:
            return "", {}
        keyed(typed)
        return path, {path: why} if (why := worked(typed, int(index))) else {}
    if name == "edges":
        keyed(typed)
        why, told = edged(typed)
        return "examples", {"examples": why, **told}
    if name == "refresh":
        return path, {}
    focus = changed(typed, name, path)
    if name == "add" and path == "examples" and focus:
        _ask_every_fact(typed)
    return focus, {}


def _ask_every_fact(typed: Typed) -> None:
    """A fresh example has a row for every fact."""
    facts = [{"fact": row["key"], "value": []} for row in typed["inputs"] if row["key"]]
    if facts:
        typed["examples"][-1]["facts"] = facts


def settled(typed: Typed) -> dict[str, Text]:
    """Each condition in the way its author chose to write it; what cannot be says so. Changes ``typed``."""
    said: dict[str, Text] = {}
    for index, row in enumerate(typed["conditions"]):
        if row["join"] == "formula" and not row["rule"]:
            row["rule"] = _written(row, typed)
            row["rows"] = []
        elif row["join"] in JOINS and not row["rows"]:
            text = row["rule"] or row["was"]
            found = rows_in(text, typed) if text else None
            if isinstance(found, Rows):
                row.update(_condition({**row, **rows_typed(text, typed)}))
            elif row["rule"]:
                row["join"] = "formula"
                said[f"conditions.{index}"] = gettext("这个算式写不成几行，请仍按算式改。")
            else:
                row["rows"] = _condition({"rows": [{}]})["rows"]
    return said


def _condition(raw: Typed) -> Typed:
    made: Typed = coerce({"conditions": [raw]}, ("conditions",))["conditions"][0]
    return made


def _written(row: Typed, typed: Typed) -> str:
    """The rows as a formula, as far as they are whole."""
    try:
        return expression(as_rows(row), units_of(typed)) if row["rows"] else row["was"]
    except Refused:
        return str(row["was"])


def folded(typed: Typed, focus: str) -> None:
    """Fold whatever folds but the row in focus."""
    for name in ("inputs", "examples"):
        for index, row in enumerate(typed[name]):
            if f"{name}.{index}" != focus:
                row[FOLDED] = True


def unfolded(typed: Typed, names: list[str], most: int = 20) -> None:
    """Open the rows in which something is wrong, the first so many."""
    for name in names:
        head, _, rest = name.partition(".")
        row = get(typed, f"{head}.{rest.partition('.')[0]}") if head in ("inputs", "examples") else None
        if isinstance(row, dict) and row.get(FOLDED) and most:
            row.pop(FOLDED)
            most -= 1
