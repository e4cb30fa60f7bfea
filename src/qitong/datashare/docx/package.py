"""A document as the bytes of a .docx: parts, types and relationships, zipped the same way every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from qitong.datashare.docx.blocks import Contents, Document
from qitong.datashare.docx.body import Body, number, section
from qitong.datashare.docx.markup import part, plain, root, w
from qitong.datashare.docx.styles import bullets, settings, sheet

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type of a .docx."""
_ML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE_ML = "application/vnd.openxmlformats-package"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_BEGUN = (1980, 1, 1, 0, 0, 0)
_PARTS = {
    "word/document.xml": f"{_ML}.document.main+xml",
    "word/styles.xml": f"{_ML}.styles+xml",
    "word/settings.xml": f"{_ML}.settings+xml",
    "word/numbering.xml": f"{_ML}.numbering+xml",
    "word/header1.xml": f"{_ML}.header+xml",
    "word/footer1.xml": f"{_ML}.footer+xml",
    "docProps/core.xml": f"{_PACKAGE_ML}.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_OF_DOCUMENT = {
    "styles": "styles.xml",
    "settings": "settings.xml",
    "numbering": "numbering.xml",
    "header": "header1.xml",
    "footer": "footer1.xml",
}


def write(document: Document) -> bytes:
    """The whole file; the same document gives the same bytes."""
    body = Body(document.language)
    blocks = [element for block in document.blocks for element in body.of(block)]
    renewed = any(isinstance(block, Contents) for block in document.blocks)
    page = section(("header", "footer"))
    made = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relationships(
            {
                "document": (f"{_OFFICE}/officeDocument", "word/document.xml"),
                "core": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                "app": (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
            }
        ),
        "word/document.xml": part(root("document", w("body", *blocks, page))),
        "word/_rels/document.xml.rels": _of_document(body.links),
        "word/styles.xml": part(sheet(document.language)),
        "word/settings.xml": part(settings(document.language, renewed=renewed)),
        "word/numbering.xml": part(bullets()),
        "word/header1.xml": part(root("hdr", body.paragraph(document.header, "Header"))),
        "word/footer1.xml": part(_footer(document, body)),
        "docProps/core.xml": _core(document),
        "docProps/app.xml": _app(),
    }
    return _zipped(made)


def _footer(document: Document, body: Body) -> Element:
    before, between, after = document.footer
    made = body.paragraph(before, "Footer")
    made.append(number("PAGE"))
    made.extend(body.runs(between))
    made.append(number("NUMPAGES"))
    made.extend(body.runs(after))
    return root("ftr", made)


def _types() -> bytes:
    made = plain("Types", xmlns=f"{_PACKAGE}/content-types")
    made.append(plain("Default", Extension="rels", ContentType=f"{_PACKAGE_ML}.relationships+xml"))
    made.append(plain("Default", Extension="xml", ContentType="application/xml"))
    made.extend(plain("Override", PartName=f"/{name}", ContentType=kind) for name, kind in _PARTS.items())
    return part(made)


def _of_document(links: Mapping[str, str]) -> bytes:
    inside = {key: (f"{_OFFICE}/{key}", target) for key, target in _OF_DOCUMENT.items()}
    outside = {key: (f"{_OFFICE}/hyperlink", address) for key, address in links.items()}
    return _relationships(inside, outside)


def _relationships(
    inside: Mapping[str, tuple[str, str]], outside: Mapping[str, tuple[str, str]] | None = None
) -> bytes:
    made = plain("Relationships", xmlns=f"{_PACKAGE}/relationships")
    for key, (kind, target) in inside.items():
        made.append(plain("Relationship", Id=key, Type=kind, Target=target))
    for key, (kind, target) in (outside or {}).items():
        made.append(plain("Relationship", Id=key, Type=kind, Target=target, TargetMode="External"))
    return part(made)


def _core(document: Document) -> bytes:
    made = plain("cp:coreProperties")
    spaces = {
        "cp": f"{_PACKAGE}/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    for prefix, address in spaces.items():
        made.set(f"xmlns:{prefix}", address)
    made.append(plain("dc:title", text=document.title))
    made.append(plain("dc:subject", text=document.subject))
    made.append(plain("dc:creator", text=document.author))
    made.append(plain("dc:language", text=document.language))
    for name in ("dcterms:created", "dcterms:modified"):
        moment = plain(name, text=f"{document.day.isoformat()}T00:00:00Z")
        moment.set("xsi:type", "dcterms:W3CDTF")
        made.append(moment)
    return part(made)


def _app() -> bytes:
    address = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return part(plain("Properties", plain("Application", text="Qitong"), xmlns=address))


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _BEGUN)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            made.writestr(entry, content)
    return file.getvalue()
