"""Elements of WordprocessingML (ISO/IEC 29500-1, transitional), and text that XML can hold.

Names are written with their prefixes; the root of each part declares them.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, tostring

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_NO_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows: one left open would turn the rest of a line round."""


def w(name: str, /, *children: Element, **values: object) -> Element:
    """``w("pStyle", val="Title")``: an element with attributes, both of the main namespace."""
    made = Element(f"w:{name}", {f"w:{key}": clean(str(value)) for key, value in values.items()})
    made.extend(children)
    return made


def root(name: str, *children: Element) -> Element:
    """The outermost element of a part."""
    made = w(name, *children)
    made.set("xmlns:w", W)
    made.set("xmlns:r", R)
    return made


def plain(name: str, /, *children: Element, text: str = "", **values: str) -> Element:
    """An element of another namespace, ``name`` with its prefix; attributes as they are."""
    made = Element(name, values)
    made.text = clean(text) or None
    made.extend(children)
    return made


def part(made: Element) -> bytes:
    """A whole part of the package."""
    content: bytes = tostring(made, encoding="utf-8", xml_declaration=True)
    return content


def clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold; every end of a line is ``\\n``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TURNS.sub("", _NO_XML.sub("", lines))


def written(text: str) -> list[Element]:
    """The pieces of a run: text, and where lines and columns break."""
    found: list[Element] = []
    for piece in re.split("([\n\t])", clean(text)):
        if piece == "\n":
            found.append(w("br"))
        elif piece == "\t":
            found.append(w("tab"))
        elif piece:
            found.append(w("t"))
            found[-1].set("xml:space", "preserve")
            found[-1].text = piece
    return found
