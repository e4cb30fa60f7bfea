"""What a document is made of, as data: headings, paragraphs, lists, tables, contents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Style(StrEnum):
    """Of paragraphs, by their ids in ``styles.py``."""

    BODY = "Normal"
    TITLE = "Title"
    SUBTITLE = "Subtitle"
    COVER = "Cover"
    LEAD = "Lead"
    """Stays with what follows it."""
    SMALL = "Small"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. ``to``: an address on the web; ``anchor``: a place in this document."""

    text: str
    bold: bool = False
    muted: bool = False
    to: str = ""
    anchor: str = ""


Line: TypeAlias = str | Run | tuple[str | Run, ...]
"""What stands in one paragraph."""


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` from 1 to 3; ``anchor`` names it for links: letters, digits, ``_``, at most 40."""

    text: str
    level: int
    anchor: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    style: Style = Style.BODY


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list with bullets; ``depth`` from 0 to 3."""

    line: Line
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """``head`` is repeated on every page; without one the first column names the rows.

    A cell is a tuple of lines. ``widths`` are shares of the page's width, one a column.
    """

    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    widths: tuple[int, ...]
    head: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """Written out as links, and a field that Word renews from the headings of level 1 and 2, with pages."""

    title: str
    entries: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block: TypeAlias = Heading | Paragraph | Item | Table | Contents | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """``day`` is what its properties call the day it was made: the same document is the same bytes.

    ``footer`` stands around the page number and the number of pages: ("第", "页，共", "页").
    """

    title: str
    subject: str
    author: str
    day: dt.date
    language: str
    header: str
    footer: tuple[str, str, str]
    blocks: tuple[Block, ...]
