"""What a sheet is made of: cells, lists of rows of cells, sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qitong.web.common.parts import Text


class Sort(StrEnum):
    """How a cell is typed."""

    LINE = "line"
    TEXT = "text"
    FORMULA = "formula"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    TICKS = "ticks"
    VALUE = "value"
    """As the fact of its row wants it."""
    AMOUNTS = "amounts"
    """One number for each score, or figure, of the policy."""
    KEPT = "kept"
    """Goes with its row, out of sight."""


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    label: Text
    sort: Sort = Sort.LINE
    source: str = ""
    """What it offers; see ``policy_sheet_offers``."""
    optional: bool = False
    hint: Text = ""
    width: str = ""
    start: str = ""
    """What a fresh row has before anybody types."""


@dataclass(frozen=True, slots=True)
class Many:
    """A list of rows. ``one`` names a row; ``folds``: a row that is not being changed is one line."""

    name: str
    title: Text
    one: Text
    parts: tuple[Cell | Many, ...]
    folds: bool = False
    first: bool = False
    """A fresh sheet has one row of it, and so has a fresh row that holds it."""
    inline: bool = False
    """Where there is room its cells stand side by side."""


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    parts: tuple[Cell | Many, ...]
    hint: Text = ""


def cells(parts: tuple[Cell | Many, ...]) -> Iterator[Cell]:
    return (part for part in parts if isinstance(part, Cell))


def lists(parts: tuple[Cell | Many, ...]) -> Iterator[Many]:
    return (part for part in parts if isinstance(part, Many))
