"""The look of documents: one sheet of styles, A4, Chinese and Latin fonts side by side."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from qitong.datashare.docx.markup import root, w

TIDE, MUTED, LINE, WASH = "0B6157", "55615C", "B9C4BF", "EAF2F0"
SONG, HEI = ("Times New Roman", "宋体"), ("Arial", "黑体")
"""Latin and Chinese type for reading, and for headings: those that come with every office suite."""
PAGE = (11906, 16838)
"""A4, in twentieths of a point."""
MARGIN = 1418
WIDTH = PAGE[0] - 2 * MARGIN
DEPTHS = ("•", "–", "·", "–")


def sheet(language: str) -> Element:
    defaults = w(
        "docDefaults",
        w("rPrDefault", w("rPr", _fonts(SONG), *_size(21), w("lang", val=language, eastAsia="zh-CN"))),
        w("pPrDefault", w("pPr", w("spacing", after=80, line=300, lineRule="auto"))),
    )
    return root("styles", defaults, *_paragraphs(), *_others())


def _paragraphs() -> list[Element]:
    return [
        _style("Normal", "Normal", default=1),
        _style("Title", "Title", _pp(spacing=(3600, 240), centred=True), _rp(52, TIDE, HEI, bold=True)),
        _style("Subtitle", "Subtitle", _pp(spacing=(0, 240), centred=True), _rp(30, "", HEI)),
        _style("Cover", "Cover", _pp(spacing=(0, 120), centred=True), _rp(24)),
        _style("Lead", "Lead", _pp(spacing=(0, 100), keep=True), _rp(0, bold=True)),
        _style("Small", "Small", _pp(spacing=(0, 60)), _rp(18, MUTED)),
        _heading(1, 36, (360, 200), TIDE),
        _heading(2, 28, (320, 120), TIDE),
        _heading(3, 23, (200, 80), ""),
        _style("TOCHeading", "TOC Heading", _pp(spacing=(0, 200)), _rp(36, TIDE, HEI, bold=True)),
        _style("TOC1", "toc 1", _pp(spacing=(160, 60), keep=True, paged=True), _rp(22, "", HEI)),
        _style("TOC2", "toc 2", _pp(spacing=(0, 40), indent=(420, 0), paged=True)),
        _style("ListBullet", "List Bullet", _pp(spacing=(0, 60))),
        _style("Cell", "Cell", _pp(spacing=(20, 20), line=264), _rp(20)),
        _style(
            "CellHead", "Cell Head", _pp(spacing=(20, 20), line=264, keep=True), _rp(20, "", HEI, bold=True)
        ),
        _style("Header", "header", _pp(spacing=(0, 0)), _rp(18, MUTED)),
        _style("Footer", "footer", _pp(spacing=(0, 0), centred=True), _rp(18, MUTED)),
    ]


def _others() -> list[Element]:
    return [
        _style("Hyperlink", "Hyperlink", run=_rp(0, TIDE, underline=True), kind="character"),
        _style("Muted", "Muted", run=_rp(0, MUTED), kind="character"),
        w(
            "style",
            w("name", val="Table Grid"),
            w("tblPr", borders("tblBorders"), w("tblCellMar", *_margins())),
            type="table",
            styleId="TableGrid",
        ),
    ]


def borders(name: str) -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return w(name, *(w(side, val="single", sz=4, space=0, color=LINE) for side in sides))


def _margins() -> list[Element]:
    sides = {"top": 40, "left": 100, "bottom": 40, "right": 100}
    return [w(side, w=width, type="dxa") for side, width in sides.items()]


def _heading(level: int, size: int, spacing: tuple[int, int], colour: str) -> Element:
    look = _pp(spacing=spacing, keep=True, outline=level - 1)
    return _style(
        f"Heading{level}", f"heading {level}", look, _rp(size, colour, HEI, bold=True), after="Normal"
    )


def _style(
    key: str,
    name: str,
    paragraph: Element | None = None,
    run: Element | None = None,
    *,
    kind: str = "paragraph",
    after: str = "",
    default: int = 0,
) -> Element:
    made = w("style", w("name", val=name), type=kind, styleId=key)
    if default:
        made.set("w:default", "1")
    elif kind == "paragraph":
        made.append(w("basedOn", val="Normal"))
    if after:
        made.append(w("next", val=after))
    made.append(w("qFormat"))
    made.extend(part for part in (paragraph, run) if part is not None)
    return made


def _pp(
    *,
    spacing: tuple[int, int],
    line: int = 0,
    indent: tuple[int, int] | None = None,
    centred: bool = False,
    keep: bool = False,
    paged: bool = False,
    outline: int | None = None,
) -> Element:
    """Properties of a paragraph, in the order that the schema wants; lengths in twentieths of a point.

    ``paged``: a tab leads to the end of the line, where the number of a page stands. No dots lead there: as
    long as there is no number, nothing shows that there could be one.
    """
    made = w("pPr")
    if keep:
        made.append(w("keepNext"))
    if paged:
        made.append(w("tabs", w("tab", val="right", pos=WIDTH)))
    before, after = spacing
    made.append(
        w("spacing", before=before, after=after, **({"line": line, "lineRule": "auto"} if line else {}))
    )
    if indent:
        made.append(w("ind", left=indent[0], hanging=indent[1]))
    if centred:
        made.append(w("jc", val="center"))
    if outline is not None:
        made.append(w("outlineLvl", val=outline))
    return made


def _rp(
    size: int,
    colour: str = "",
    fonts: tuple[str, str] | None = None,
    *,
    bold: bool = False,
    underline: bool = False,
) -> Element:
    """Properties of a run, in the order that the schema wants; ``size`` in half points, 0: as around it."""
    made = w("rPr")
    if fonts:
        made.append(_fonts(fonts))
    if bold:
        made.extend([w("b"), w("bCs")])
    if colour:
        made.append(w("color", val=colour))
    if size:
        made.extend(_size(size))
    if underline:
        made.append(w("u", val="single"))
    return made


def _fonts(fonts: tuple[str, str]) -> Element:
    latin, chinese = fonts
    return w("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin)


def _size(half_points: int) -> list[Element]:
    return [w("sz", val=half_points), w("szCs", val=half_points)]


def bullets() -> Element:
    """The part ``numbering.xml``: one list with bullets, four deep."""
    levels = [
        w(
            "lvl",
            w("start", val=1),
            w("numFmt", val="bullet"),
            w("lvlText", val=sign),
            w("lvlJc", val="left"),
            w("pPr", w("ind", left=380 * (depth + 1), hanging=280)),
            ilvl=depth,
        )
        for depth, sign in enumerate(DEPTHS)
    ]
    abstract = w("abstractNum", w("multiLevelType", val="hybridMultilevel"), *levels, abstractNumId=0)
    return root("numbering", abstract, w("num", w("abstractNumId", val=0), numId=1))


def settings(language: str, *, renewed: bool) -> Element:
    """The part ``settings.xml``: the rules of Word 2013 and later, Chinese punctuation set close.

    ``renewed``: who opens it is asked whether to fill in what fields show, the pages of contents.
    """
    compat = w(
        "compat",
        w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15),
    )
    return root(
        "settings",
        w("zoom", percent=100),
        *([w("updateFields", val="true")] if renewed else []),
        w("defaultTabStop", val=420),
        w("characterSpacingControl", val="compressPunctuation"),
        compat,
        w("themeFontLang", val=language, eastAsia="zh-CN"),
    )
