"""Codes that an author left to the sheet: from the English name, numbered where there is none."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

Typed = dict[str, Any]
LONGEST = 60


def keyed(typed: Typed) -> Typed:
    """Give every row that lacks one its code; changes ``typed``."""
    for row in typed["inputs"]:
        _key(row, "key", row["name"]["en"], typed["inputs"], "fact")
        for choice in row["choices"]:
            _key(choice, "key", choice["en"], row["choices"], "choice")
    for row in typed["scores"]:
        _key(row, "name", row["label"]["en"], typed["scores"], "score")
    for row in typed["figures"]:
        _key(row, "key", row["label"]["en"], typed["figures"], "amount")
    for row in typed["examples"]:
        _key(row, "name", "", typed["examples"], "case")
    taken = {row["id"] for row in typed["conditions"]}
    for row in typed["conditions"]:
        if not row["id"]:
            row["id"] = _numbered("C", taken)
            taken.add(row["id"])
    return typed


def named_facts(typed: Typed) -> None:
    """Give what rules speak of its code as soon as it has an English name; changes ``typed``."""
    for row in typed["inputs"]:
        if row["name"]["en"]:
            _key(row, "key", row["name"]["en"], typed["inputs"], "fact")
        for choice in row["choices"]:
            if choice["en"]:
                _key(choice, "key", choice["en"], row["choices"], "choice")
    for row in typed["scores"]:
        if row["label"]["en"]:
            _key(row, "name", row["label"]["en"], typed["scores"], "score")


def _key(row: Typed, name: str, text: str, rows: list[Typed], otherwise: str) -> None:
    if row[name]:
        return
    taken = {other[name] for other in rows}
    slug = slug_of(text)
    row[name] = slug if slug and slug not in taken else _numbered(f"{slug or otherwise}_", taken)


def slug_of(text: str) -> str:
    """Lower case letters, digits and underscores of an English name."""
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_").lstrip("0123456789_")
    return slug[: LONGEST - 5].rstrip("_")


def _numbered(head: str, taken: Collection[str]) -> str:
    number = 1
    while f"{head}{number}" in taken:
        number += 1
    return f"{head}{number}"
