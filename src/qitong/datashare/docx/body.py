"""Blocks as paragraphs and tables of WordprocessingML, and the relationships that their links need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from qitong.datashare.docx.blocks import (
    Block,
    Contents,
    Heading,
    Item,
    Line,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from qitong.datashare.docx.markup import w, written
from qitong.datashare.docx.styles import MARGIN, PAGE, WASH, WIDTH, borders

_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_TOC = r'TOC \o "1-2" \h \z'


class Body:
    """Turns blocks into elements. ``links``: the addresses met, by the ids of their relationships."""

    def __init__(self, language: str) -> None:
        self.links: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._anchors: dict[str, int] = {}
        self._hint = language.startswith("zh")

    def of(self, block: Block) -> Iterator[Element]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph(line, style):
                yield self.paragraph(line, style.value)
            case Item(line, depth):
                yield self._item(line, min(max(depth, 0), 3))
            case Table():
                yield self._table(block)
                yield self.paragraph("", "Small")  # two tables in a row would grow together
            case Contents():
                yield self._contents(block)
            case PageBreak():
                yield w("p", w("r", w("br", type="page")))

    def paragraph(self, line: Line, style: str, *more: Element) -> Element:
        return w("p", w("pPr", w("pStyle", val=style), *more), *self.runs(line))

    def runs(self, line: Line) -> Iterator[Element]:
        for piece in line if isinstance(line, tuple) else (line,):
            run = Run(piece) if isinstance(piece, str) else piece
            if _ANCHOR.fullmatch(run.anchor):
                yield w("hyperlink", self._run(run), anchor=run.anchor, history=1)
            elif address := _address(run.to):
                link = w("hyperlink", self._run(run, "Hyperlink"), history=1)
                link.set("r:id", self._link(address))
                yield link
            else:
                yield self._run(run)

    def _run(self, run: Run, style: str = "") -> Element:
        look = w("rPr")
        if style or run.muted:
            look.append(w("rStyle", val=style or "Muted"))
        if self._hint:  # quotation marks and dots are both Latin and Chinese: here they are Chinese
            look.append(w("rFonts", hint="eastAsia"))
        if run.bold:
            look.extend([w("b"), w("bCs")])
        return w("r", look, *written(run.text))

    def _link(self, address: str) -> str:
        key = self._ids.setdefault(address, f"link{len(self._ids) + 1}")
        self.links[key] = address
        return key

    def _heading(self, heading: Heading) -> Element:
        level = min(max(heading.level, 1), 3)
        more = [w("pageBreakBefore")] if heading.new_page else []
        made = self.paragraph(heading.text, f"Heading{level}", *more)
        if _ANCHOR.fullmatch(heading.anchor) and heading.anchor not in self._anchors:
            key = self._anchors[heading.anchor] = len(self._anchors) + 1
            made.insert(1, w("bookmarkStart", id=key, name=heading.anchor))
            made.append(w("bookmarkEnd", id=key))
        return made

    def _item(self, line: Line, depth: int) -> Element:
        return self.paragraph(line, "ListBullet", w("numPr", w("ilvl", val=depth), w("numId", val=1)))

    def _contents(self, contents: Contents) -> Element:
        lines = [self._entry(entry) for entry in contents.entries]
        if lines:  # the field begins in the first line and ends behind the last
            for at, piece in enumerate((_field("begin"), _instruction(_TOC), _field("separate"))):
                lines[0].insert(1 + at, piece)
            lines[-1].append(_field("end"))
        gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
        title = self.paragraph(contents.title, "TOCHeading")
        return w("sdt", w("sdtPr", gallery), w("sdtContent", title, *lines))

    def _entry(self, entry: Heading) -> Element:
        """A line of the contents: a link, and the page, which is empty until an office suite fills it in.

        Only that can know it, and a wrong number would be worse than none.
        """
        made = self.paragraph(Run(entry.text, anchor=entry.anchor), f"TOC{min(entry.level, 2)}")
        link = made.find("w:hyperlink")
        if link is not None:
            page = (_field("begin"), _instruction(rf"PAGEREF {entry.anchor} \h"), _field("separate"))
            link.extend([w("r", w("tab")), *page, _field("end")])
        return made

    def _table(self, table: Table) -> Element:
        widths = [WIDTH * share // sum(table.widths) for share in table.widths]
        look = w(
            "tblPr",
            w("tblStyle", val="TableGrid"),
            w("tblW", w=sum(widths), type="dxa"),
            borders("tblBorders"),
            w("tblLayout", type="fixed"),
            w("tblLook", firstRow=int(bool(table.head)), firstColumn=int(not table.head), noVBand=1),
        )
        made = w("tbl", look, w("tblGrid", *(w("gridCol", w=width) for width in widths)))
        if table.head:
            cells = [
                self._cell((text,), width, named=True) for text, width in zip(table.head, widths, strict=True)
            ]
            made.append(w("tr", w("trPr", w("cantSplit"), w("tblHeader")), *cells))
        for row in table.rows:
            cells = [
                self._cell(lines, width, named=not table.head and at == 0)
                for at, (lines, width) in enumerate(zip(row, widths, strict=True))
            ]
            made.append(w("tr", w("trPr"), *cells))
        return made

    def _cell(self, lines: tuple[Line, ...], width: int, *, named: bool) -> Element:
        look = w("tcPr", w("tcW", w=width, type="dxa"))
        if named:
            look.append(w("shd", val="clear", color="auto", fill=WASH))
        style = "CellHead" if named else "Cell"
        return w("tc", look, *(self.paragraph(line, style) for line in lines or ("",)))


def _field(kind: str) -> Element:
    return w("r", w("fldChar", fldCharType=kind))


def _instruction(text: str) -> Element:
    made = w("instrText")
    made.set("xml:space", "preserve")
    made.text = f" {text} "
    return w("r", made)


def _address(text: str) -> str:
    """An address that can be linked to; empty for anything but the web and mail."""
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        return ""
    if scheme not in ("http", "https", "mailto") or len(text) > 2000:
        return ""
    return quote(text.encode("utf-8", "ignore"), safe="%:/?#[]@!$&'()*+,;=~-._")


def section(ids: tuple[str, str]) -> Element:
    """The page: A4 with a head and a foot (their relationships), which the first page has not."""
    head, foot = w("headerReference", type="default"), w("footerReference", type="default")
    head.set("r:id", ids[0])
    foot.set("r:id", ids[1])
    size = w("pgSz", w=PAGE[0], h=PAGE[1])
    margins = {"top": MARGIN, "right": MARGIN, "bottom": MARGIN, "left": MARGIN}
    around = w("pgMar", **margins, header=709, footer=709, gutter=0)
    return w("sectPr", head, foot, size, around, w("titlePg"))


def number(instruction: str, shown: str = "1") -> Element:
    """A number that the office suite fills in: PAGE or NUMPAGES."""
    return w("fldSimple", w("r", *written(shown)), instr=f" {instruction} ")
