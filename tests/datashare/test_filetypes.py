"""The content decides what a file is; its name must agree; every refusal says the way on."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.datashare.logic.filetypes import clean_name, identify
from qitong.kernel.errors import Refused
from tests.datashare.conftest import PDF, zipped
from tests.datashare.made import jpeg, png

PNG = png()
JPEG = jpeg()
DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
OFD = zipped("OFD.xml", "Doc_0/Document.xml")


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.ofd", OFD, "application/ofd"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.txt", "说明\r\n第二行".encode(), "text/plain; charset=utf-8"),
        ("a.csv", b"\xef\xbb\xbfa,b\n1,2\n", "text/csv; charset=utf-8"),
    ],
)
def test_what_is_accepted(name: str, content: bytes, content_type: str) -> None:
    assert identify(io.BytesIO(content), name).content_type == content_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", PNG, "file_extension"),
        ("a.txt", PDF, "file_extension"),
        ("扫描件", PDF, "file_extension"),
        ("a.html", b"<script>alert(1)</script>", "file_extension"),
        ("a.pdf", b"MZ\x90\x00", "file_program"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", "file_program"),
        ("a.txt", b"\x7fELF\x02\x01", "file_program"),
        ("a.zip", zipped("a.pdf"), "file_archive"),
        ("a.docx", zipped("readme.txt"), "file_archive"),
        ("a.docx", DOCX[:60], "file_broken"),
        ("a.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "file_macros"),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "xl/activeX/a.bin"), "file_macros"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_type"),
        ("a.txt", "说明".encode("gb18030"), "file_type"),
        ("a.txt", b"a\0b", "file_type"),
        ("a.txt", "说明".encode()[:-1], "file_type"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + b"\0" * 20, "file_type"),
    ],
)
def test_what_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        identify(io.BytesIO(content), name)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert str(refusal.value).endswith("。")


def test_a_macro_part_under_another_name_is_found_by_the_manifest() -> None:
    manifest = b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    content = zipped("[Content_Types].xml", "word/document.xml", "word/x.bin", manifest=manifest)
    with pytest.raises(Refused, match="宏"):
        identify(io.BytesIO(content), "a.docx")


def test_a_character_across_two_reads_is_still_text() -> None:
    content = b"a" * (64 * 1024 - 1) + "企".encode()
    assert identify(io.BytesIO(content), "a.txt").label == "TXT"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("C:\\Users\\li\\营业执照.pdf", "营业执照.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("  合同 . pdf", "合同 . pdf"),
        (".htaccess.txt", "htaccess.txt"),
    ],
)
def test_a_name_is_cleaned(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@pytest.mark.parametrize("raw", ["", "...", "/", "\u202e", "a/", "\t\n"])
def test_a_name_of_nothing_is_refused(raw: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean_name(raw)
    assert refusal.value.code == "file_name"


@given(st.text(max_size=300))
def test_every_name_ends_short_and_harmless_and_stays_when_cleaned_again(raw: str) -> None:
    try:
        name = clean_name(raw)
    except Refused:
        return
    assert 0 < len(name) <= 120
    assert not set(name) & set("/\\\r\n\0")
    assert clean_name(name) == name


def test_a_name_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(Refused, match="最多120字，现在是124字"):
        clean_name("长" * 120 + ".pdf")
    assert len(clean_name("长" * 116 + ".pdf")) == 120


def test_a_long_name_of_our_own_keeps_its_extension() -> None:
    name = clean_name("长" * 300 + ".pdf", own=True)
    assert (len(name), name[-4:]) == (120, ".pdf")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"GIF89a\x01\0\x01\0\0\0", "GIF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "MP4"),
    ],
)
def test_what_people_send_otherwise_is_named_in_the_refusal(head: bytes, name: str) -> None:
    with pytest.raises(Refused, match=f"像是“{name}”"):
        identify(io.BytesIO(head), "a.jpg")
