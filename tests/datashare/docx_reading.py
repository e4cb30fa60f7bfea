"""A .docx as any reader takes it apart: parts, types, relationships, text. Knows nothing of the writer."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True)
class Word:
    """``parts``: every part by its name, parsed (so each is well formed)."""

    parts: dict[str, Element]

    @property
    def body(self) -> Element:
        return self.parts["word/document.xml"]

    def all(self, name: str, part: str = "word/document.xml") -> list[Element]:
        return list(self.parts[part].iter(f"{W}{name}"))

    @property
    def text(self) -> str:
        """All text, a line for each paragraph."""
        return "\n".join(text_of(paragraph) for paragraph in self.all("p"))

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Level and text, by the style of each paragraph."""
        found = ((style_of(paragraph), text_of(paragraph)) for paragraph in self.all("p"))
        return [(int(style[-1]), text) for style, text in found if style.startswith("Heading")]


def read(content: bytes) -> Word:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        names = file.namelist()
        assert len(names) == len(set(names))
        return Word({name: fromstring(file.read(name)) for name in names})  # noqa: S314  what we made ourselves


def val(element: Element | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def style_of(paragraph: Element) -> str:
    return val(paragraph.find(f"{W}pPr/{W}pStyle"))


def text_of(paragraph: Element) -> str:
    return "".join(
        piece.text or "" if piece.tag == f"{W}t" else " "
        for piece in paragraph.iter()
        if piece.tag in (f"{W}t", f"{W}br", f"{W}tab")
    )


def complaints(word: Word) -> list[str]:
    """What a strict reader would stumble over; empty for a document that is whole."""
    return [*_undeclared(word), *_unresolved(word), *_unknown(word), *_tables(word)]


def _undeclared(word: Word) -> list[str]:
    types = word.parts["[Content_Types].xml"]
    overridden = {item.get("PartName", "") for item in types.iter(f"{TYPES}Override")}
    endings = {item.get("Extension", "") for item in types.iter(f"{TYPES}Default")}
    wrong = [f"{name} is declared and not there" for name in overridden if name[1:] not in word.parts]
    for name in word.parts:
        plain_xml = not name.endswith((".rels", "[Content_Types].xml")) and f"/{name}" not in overridden
        if plain_xml or name.rpartition(".")[2] not in endings:
            wrong.append(f"{name} has no type of its own")
    return wrong


def _unresolved(word: Word) -> list[str]:
    wrong = []
    for name, part in word.parts.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for item in part.iter(f"{RELS}Relationship"):
            target = posixpath.normpath(posixpath.join(folder, item.get("Target", "")))
            if item.get("TargetMode") != "External" and target not in word.parts:
                wrong.append(f"{name} leads to {target}, which is not there")
    known = {
        item.get("Id") for item in word.parts["word/_rels/document.xml.rels"].iter(f"{RELS}Relationship")
    }
    used = {item.get(f"{R}id") for item in word.body.iter() if item.get(f"{R}id")}
    return [*wrong, *(f"no relationship {key}" for key in used - known)]


def _unknown(word: Word) -> list[str]:
    """Styles, lists and places that are named and not there; bookmarks that are there twice."""
    styles = {item.get(f"{W}styleId") for item in word.all("style", "word/styles.xml")}
    used = {val(item) for name in ("pStyle", "rStyle", "tblStyle") for item in word.all(name)}
    numbers = {item.get(f"{W}numId") for item in word.all("num", "word/numbering.xml")}
    lists = {val(item) for item in word.all("numId")}
    marks = [item.get(f"{W}name") for item in word.all("bookmarkStart")]
    ids = [item.get(f"{W}id") for item in word.all("bookmarkStart")]
    ends = [item.get(f"{W}id") for item in word.all("bookmarkEnd")]
    anchors = {item.get(f"{W}anchor") for item in word.all("hyperlink")} - {None}
    wrong = [f"no style {name}" for name in used - styles]
    wrong += [f"no list {name}" for name in lists - numbers]
    wrong += [f"a link leads to {name}, which is nowhere" for name in anchors - set(marks)]
    if len(set(marks)) != len(marks) or sorted(map(str, ids)) != sorted(map(str, ends)):
        wrong.append("bookmarks are not each there once, begun and ended")
    return wrong


def _tables(word: Word) -> list[str]:
    """Every row fills the grid, every cell ends with a paragraph, fields are begun and ended."""
    wrong = []
    for table in word.all("tbl"):
        grid = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            if len(cells) != grid or any(list(cell)[-1].tag != f"{W}p" for cell in cells):
                wrong.append("a row does not fill its table")
    kinds = [item.get(f"{W}fldCharType", "") for item in word.all("fldChar")]
    if not _nested(kinds):
        wrong.append(f"fields are torn: {kinds}")
    return wrong


def _nested(kinds: list[str]) -> bool:
    """Each field is begun, separated once and ended; another may be whole within what it shows."""
    begun: list[str] = []
    for kind in kinds:
        if kind == "begin":
            begun.append(kind)
        elif kind == "separate" and begun and begun[-1] == "begin":
            begun[-1] = kind
        elif kind == "end" and begun and begun[-1] == "separate":
            begun.pop()
        else:
            return False
    return not begun
