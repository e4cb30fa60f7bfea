"""Polyglots, bombs, entities, broken files: each refused by name, and what is ordinary is not."""

from __future__ import annotations

import io
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qitong.datashare.logic import archives
from qitong.datashare.logic.filetypes import identify
from qitong.kernel.errors import Refused
from tests.datashare.conftest import PDF
from tests.datashare.made import docx, jpeg, lying, plain_zip, png

ZEROS = b"\0" * (3 * archives.MEGABYTE)
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>'

HOSTILE = {
    "a PDF that is an archive, too": ("a.pdf", PDF + plain_zip(), "file_mixed"),
    "a PDF with the archive before its end": ("a.pdf", PDF[:-7] + plain_zip() + b"%%EOF\n", "file_mixed"),
    "a PDF that is a web page, too": (
        "a.pdf",
        PDF[:9] + b"<script>alert(1)</script>" + PDF[9:],
        "file_mixed",
    ),
    "a PDF with something behind": ("a.pdf", PDF + b"MZ\x90\x00", "file_mixed"),
    "a picture that is an archive, too": ("a.png", png() + plain_zip(), "file_mixed"),
    "a photo that is a program for Java, too": ("a.jpg", jpeg() + plain_zip(), "file_mixed"),
    "a photo that is a PDF, too": ("a.jpg", jpeg()[:20] + PDF + jpeg()[20:], "file_mixed"),
    "a Word file that is a PDF, too": ("a.docx", docx({"0.txt": PDF}, first="0.txt"), "file_mixed"),
    "a Word file with something before it": ("a.docx", b"PK\3\4" + docx(), "file_mixed"),
    "a Word file with a long remark": ("a.docx", docx(comment=b"<script>" * 99), "file_mixed"),
    "a Word file that climbs out of its folder": ("a.docx", docx({"../../x.txt": b"x"}), "file_mixed"),
    "a part that grows beyond measure": ("a.docx", docx({"word/media/a.bin": ZEROS}), "file_bomb"),
    "a part that is larger than it says": (
        "a.docx",
        lying(docx({"word/media/a.bin": ZEROS[:9999]}), "word/media/a.bin", 10),
        "file_broken",
    ),
    "more parts than any document has": (
        "a.docx",
        docx({f"{n}": b"" for n in range(archives.MOST_PARTS)}),
        "file_bomb",
    ),
    "an archive within": ("a.docx", docx({"word/media/a.png": plain_zip()}), "file_archive"),
    "an archive within one within": (
        "a.docx",
        docx({"word/embeddings/a.docx": docx({"word/embeddings/b.docx": docx()})}),
        "file_archive",
    ),
    "a bomb within": (
        "a.docx",
        docx({"word/embeddings/a.docx": docx({"word/media/a.bin": ZEROS})}),
        "file_bomb",
    ),
    "entities that grow": ("a.docx", docx(document=LAUGHS), "file_entities"),
    "entities from outside": ("a.docx", docx({"word/a.rels": OUTSIDE.encode()}), "file_entities"),
    "entities in another encoding": (
        "a.docx",
        docx({"word/a.xml": OUTSIDE.encode("utf-16")}),
        "file_entities",
    ),
    "XML that never begins": ("a.docx", docx(document=b" " * 70_000), "file_broken"),
    "a picture of a thousand million points": ("a.png", png(40_000, 25_001), "file_pixels"),
    "a photo as large as JPEG allows": ("a.jpg", jpeg(65_535, 65_535), "file_pixels"),
    "a picture without a size": ("a.png", png(0, 5), "file_broken"),
    "half a PDF": ("a.pdf", PDF[: len(PDF) // 2], "file_broken"),
    "half a picture": ("a.png", png()[:-9], "file_broken"),
    "half a photo": ("a.jpg", jpeg()[:-2], "file_broken"),
    "half a Word file": ("a.docx", docx()[:-30], "file_broken"),
    "a Word file with a changed byte": (
        "a.docx",
        docx({"0": b"hello"}, first="0").replace(b"hello", b"hallo"),
        "file_broken",
    ),
    "a program called a PDF": ("合同.pdf", b"MZ\x90\x00" + b"\0" * 60, "file_program"),
    "an archive called a Word file": ("a.docx", plain_zip("a.exe"), "file_archive"),
}
ORDINARY = {
    "a PDF with blank lines behind": ("a.pdf", PDF + b"\r\n\0\0\n"),
    "a PDF saved twice": ("a.pdf", PDF + PDF[9:]),
    "a photo with the short film of a phone behind": ("a.jpg", jpeg() + b"\0\0\0\x18ftypmp42" * 50),
    "a scan of A3 at 600 dpi": ("a.png", png(9933, 7016)),
    "a table in a text": ("a.docx", docx({"word/embeddings/t.xlsx": docx()})),
    "a text that repeats itself": (
        "a.docx",
        docx(document=b"<a>" + b"<p>the same again</p>" * 40_000 + b"</a>"),
    ),
    "XML in another encoding": ("a.docx", docx({"word/a.xml": '<?xml version="1.0"?><a/>'.encode("utf-16")})),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_beside_the_file(what: str) -> None:
    name, content, code = HOSTILE[what]
    with pytest.raises(Refused) as refusal:
        identify(io.BytesIO(content), name)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize("what", ORDINARY)
def test_what_is_ordinary_is_accepted(what: str) -> None:
    name, content = ORDINARY[what]
    assert identify(io.BytesIO(content), name)


def test_a_bomb_is_found_before_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty megabytes of zeros, in a file of sixty kilobytes."""
    bomb = docx({"word/media/a.bin": b"\0" * (60 * archives.MEGABYTE)})
    began = time.process_time()
    with pytest.raises(Refused, match="大得异常"):
        identify(io.BytesIO(bomb), "a.docx")
    assert time.process_time() - began < 0.2


WHOLE = {"a.pdf": PDF, "a.png": png(), "a.jpg": jpeg(), "a.docx": docx({"word/embeddings/t.xlsx": docx()})}


@given(st.sampled_from(sorted(WHOLE)), st.data())
@settings(max_examples=150, deadline=None)
def test_however_a_file_is_mangled_it_is_accepted_or_refused_and_nothing_else(
    name: str, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        content[start : start + length] = data.draw(st.binary(max_size=12))
    with suppress(Refused):
        identify(io.BytesIO(bytes(content)), name)
