"""Sentences kept as JSON, so that a message can be shown in either language for years.

Dates, names in both languages and sentences within sentences come back as what they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qitong.kernel.words import Named, Sentence, say

_DATE, _MOMENT, _NAMED, _SAY = "$date", "$moment", "$named", "$say"


def pack(value: object) -> Any:
    """``value`` as plain JSON. Raises TypeError for what a sentence may not hold."""
    match value:
        case Sentence():
            return {_SAY: value.text, "with": {name: pack(part) for name, part in value.params.items()}}
        case Named():
            return {_NAMED: [value.zh, value.en]}
        case dt.datetime():
            return {_MOMENT: value.isoformat()}
        case dt.date():
            return {_DATE: value.isoformat()}
        case list() | tuple():
            return [pack(part) for part in value]
    return _plain(value)


def _plain(value: object) -> str | float | None:
    if isinstance(value, str):
        return str(value)  # a StrEnum is kept as its text
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"a message cannot hold {value!r}")


def unpack(value: Any) -> object:
    """What :func:`pack` was given; lists come back as tuples."""
    if isinstance(value, list):
        return tuple(unpack(part) for part in value)
    if not isinstance(value, Mapping):
        return value
    if _SAY in value:
        return say(value[_SAY], **{name: unpack(part) for name, part in value["with"].items()})
    if _NAMED in value:
        return Named(*value[_NAMED])
    if _MOMENT in value:
        return dt.datetime.fromisoformat(value[_MOMENT])
    return dt.date.fromisoformat(value[_DATE])
