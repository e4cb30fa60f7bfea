"""Lists for the server, written at once: the driver asks of each element by itself how it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

Element = str | int | dt.date | None
"""Whole numbers, texts, dates and moments (these with their zone); no truth values."""


def array(values: Iterable[Element]) -> str:
    """What stands for ``%s::type[]``; a text may hold anything but U+0000, which the server refuses."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Element) -> str:
    if isinstance(value, str):
        if "\\" in value or '"' in value:
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"'
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f'"{value}"'
