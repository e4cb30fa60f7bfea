"""What is typed into a sheet: mappings and lists of texts, as sent, kept and shown again. Judged elsewhere.

``coerce`` gives anything the shape of the layout, whoever sent it. A row that is folded travels as one hidden
field, its content as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from qitong.web.workbench.policy_sheet_cells import Cell, Many, Sort, cells, lists
from qitong.web.workbench.policy_sheet_layout import PARTS, many_at

Typed = dict[str, Any]
MOST_ROWS = 400
"""Of one list; the packaged policy with the most examples has 148."""
FOLDED = "folded"


def sent(posted: QueryDict) -> Typed:
    """The form as it was sent."""
    raw: dict[str, Any] = {}
    for name, values in posted.lists():
        steps = name.split(".")
        place = raw
        for step in steps[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[steps[-1]] = values
    return coerce(raw)


def empty() -> Typed:
    """A sheet of which nothing is filled in but what most policies have."""
    start = {
        "status": "active",
        "confidence": "medium",
        "reach": "some",
        "benefit": {"unit": "wan", "period": "once"},
    }
    return coerce({**start, **_first(PARTS)})


def coerce(raw: Any, only: tuple[str, ...] = ()) -> Typed:
    """The whole sheet (or ``only`` some of its lists) in its shape; what does not fit is as if not sent."""
    if only:
        return _shaped(raw, tuple(part for part in PARTS if part.name in only))
    return {**_shaped(raw, PARTS), "seen": _text(_at(raw, "seen"))}


def _shaped(raw: Any, parts: tuple[Cell | Many, ...]) -> Typed:
    made: Typed = {}
    for cell in cells(parts):
        _put(made, cell.name, _cell(cell, _at(raw, cell.name)))
    for many in lists(parts):
        made[many.name] = [_row(many, row) for row in _rows(_at(raw, many.name))[:MOST_ROWS]]
    return made


def _cell(cell: Cell, value: Any) -> Any:
    if cell.sort is Sort.AMOUNTS:
        return {key: _text(each) for key, each in value.items()} if isinstance(value, Mapping) else {}
    if cell.sort in (Sort.TICKS, Sort.VALUE):  # of the latter: ticked codes, or one text
        return _texts(value)
    return _text(value)


def _row(many: Many, raw: Any) -> Typed:
    folded = many.folds and isinstance(raw, str | list)
    if folded:
        try:
            raw = json.loads(_text(raw))
        except ValueError:
            raw = {}
    made = _shaped(raw, many.parts)
    if folded or (many.folds and isinstance(raw, Mapping) and raw.get(FOLDED) is True):
        made[FOLDED] = True
    return made


def _rows(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(filter(str.isdecimal, value), key=lambda key: int(key[:6]))]
    return value if isinstance(value, list) else []


def _at(raw: Any, name: str) -> Any:
    for step in name.split("."):
        raw = raw.get(step) if isinstance(raw, Mapping) else None
    return raw


def _put(made: Typed, name: str, value: Any) -> None:
    *steps, last = name.split(".")
    for step in steps:
        made = made.setdefault(step, {})
    made[last] = value


def _texts(value: Any) -> list[str]:
    return [_text(each) for each in (value if isinstance(value, list) else [value]) if _text(each)]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[-1] if value else ""
    text = value if isinstance(value, str) else ""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def get(typed: Any, name: str) -> Any:
    """What stands at a place, lists by their index; None for nothing."""
    for step in name.split("."):
        if isinstance(typed, list):
            typed = typed[int(step)] if step.isdecimal() and int(step) < len(typed) else None
        elif isinstance(typed, Mapping):
            typed = typed.get(step)
        else:
            return None
    return typed


# ---- one row more or less


def changed(typed: Typed, deed: str, path: str) -> str:
    """Do ``add``, ``del``, ``copy``, ``up``, ``down``, ``open`` or ``fold`` at a path; the path to look at
    then, or empty."""
    head, _, last = path.rpartition(".")
    if deed == "add":
        many, rows = many_at(tuple(path.split("."))), get(typed, path)
        if many is None or not isinstance(rows, list) or len(rows) >= MOST_ROWS:
            return ""
        rows.append(_shaped(_first(many.parts), many.parts))
        return f"{path}.{len(rows) - 1}"
    rows = get(typed, head) if head else None
    if not isinstance(rows, list) or not last.isdecimal() or int(last) >= len(rows):
        return ""
    return _with_row(rows, deed, head, int(last))


def _with_row(rows: list[Typed], deed: str, head: str, index: int) -> str:
    row = rows[index]
    match deed:
        case "del":
            del rows[index]
            return f"{head}.{index - 1}" if index else head
        case "copy" if len(rows) < MOST_ROWS and "like" in row:
            base = {"like": row["name"], "expect": row["expect"], "facts": [{}]}
            many = many_at(tuple(head.split(".")))
            rows.insert(index + 1, _shaped(base, many.parts if many else ()))
            return f"{head}.{index + 1}"
        case "up" | "down" if 0 <= (to := index + (1 if deed == "down" else -1)) < len(rows):
            rows.insert(to, rows.pop(index))
            return f"{head}.{to}"
        case "open":
            row.pop(FOLDED, None)
        case "fold":
            row[FOLDED] = True
    return f"{head}.{index}"


def with_first(typed: Typed) -> None:
    """Put the row back that a list begins with, where none is left. Changes ``typed``."""
    for name, rows in coerce(_first(PARTS)).items():
        if isinstance(rows, list) and not typed[name]:
            typed[name] = rows


def _first(parts: tuple[Cell | Many, ...]) -> dict[str, Any]:
    """What a fresh part begins with."""
    rows = {many.name: [_first(many.parts)] for many in lists(parts) if many.first}
    return {cell.name: cell.start for cell in cells(parts) if cell.start} | rows


# ---- rows in which nothing stands


def pruned(typed: Typed) -> Typed:
    """Without rows in which nothing was typed, and with nothing else changed."""
    return _without_blanks(typed, PARTS)


def _without_blanks(typed: Typed, parts: tuple[Cell | Many, ...]) -> Typed:
    kept = dict(typed)
    for many in lists(parts):
        rows = [_without_blanks(row, many.parts) for row in typed[many.name]]
        kept[many.name] = [row for row in rows if not _is_blank(row, many.parts)]
    return kept


def _is_blank(row: Typed, parts: tuple[Cell | Many, ...]) -> bool:
    typed = any(
        any(value.values()) if isinstance(value, dict) else value
        for cell in cells(parts)
        if not cell.start and (value := get(row, cell.name))
    )
    return not typed and not any(row[many.name] for many in lists(parts))
