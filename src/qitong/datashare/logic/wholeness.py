"""Whether a PDF or a picture is whole and only that: read from its structure, nothing is drawn.

Formats: PDF (ISO 32000-1, 7.5), PNG (ISO/IEC 15948, 5), JPEG (ITU-T T.81, B.1).
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from typing import BinaryIO

from qitong.kernel.errors import Refused
from qitong.kernel.words import say

MOST_PIXELS = 100_000_000
"""An A3 page at 600 dpi has seventy million; four bytes each are needed to show it."""
MOST_CHUNKS = 50_000
LAST = 4096
"""Bytes at the end of a PDF within which it has to say that it ends."""
FIRST = 1024
"""Bytes within which readers look for what a file is."""

_OTHERS = (b"<!doctype html", b"<html", b"<script", b"<?php")
_PDF = b"%PDF-"
_BLANK = b"\0\t\n\f\r "
_START = re.compile(rb"startxref\s+(\d{1,12})")
_TABLE = 64 * 1024
"""Bytes read at a time of a table that says where things are, before the dictionary behind it."""
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_LOCKED = re.compile(rb"/Encrypt(?![0-9A-Za-z])")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOFn: where a JPEG says how large it is
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def broken() -> Refused:
    return Refused(
        say("文件不完整或已损坏，无法打开。请在本机打开确认后，重新上传。"), code="file_broken", field="file"
    )


def mixed() -> Refused:
    return Refused(
        say("文件里混入了另一种格式的内容，不能接受。请在原来的软件里另存一份，再上传。"),
        code="file_mixed",
        field="file",
    )


def check_alone(head: bytes) -> None:
    """Refuse what another program would take for a PDF or a web page by its first bytes."""
    first = head[:FIRST]
    if first.find(_PDF) > 0 or any(mark in first.lower() for mark in _OTHERS):
        raise mixed()


def check_no_archive(file: BinaryIO) -> None:
    """Refuse what an unpacker would open, too: an archive may stand at the end of anything."""
    try:
        with zipfile.ZipFile(file):
            raise mixed()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return


def check_pdf(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LAST))
    _, ends, rest = file.read().rpartition(b"%%EOF")
    if not ends:
        raise broken()
    if rest.strip(_BLANK):
        raise mixed()
    if _is_encrypted(file, size):
        raise Refused(
            say(
                "这份 PDF 已加密（设有密码，或限制打印、复制），不能长期保存。"
                "请取消加密，或打印为新的 PDF，再上传。"
            ),
            code="file_locked",
            field="file",
        )
    check_no_archive(file)


def _is_encrypted(file: BinaryIO, size: int) -> bool:
    """Whether the dictionary that says where everything is names an encryption (7.5.5, 7.5.8).

    That dictionary is never compressed nor encrypted itself. It is looked for where the file says it is,
    and at the end, where it stands when the file says nothing or something wrong.
    """
    end = max(0, size - LAST)
    file.seek(end)
    last = file.read()
    _, found, trailer = last.rpartition(b"trailer")
    if found and _names_encryption(trailer):
        return True
    said = [int(found[1]) for found in _START.finditer(last)]
    return any(_names_encryption(_dictionary(file, at)) for at in said[-1:] if 0 < at < size)


def _dictionary(file: BinaryIO, at: int) -> bytes:
    """What stands from a table's start to the end of its dictionary; empty where none ends."""
    file.seek(at)
    found = b""
    while chunk := file.read(_TABLE):
        found += chunk
        head, ends, _ = found.partition(b"startxref")
        head, streams, _ = head.partition(b"stream")
        if ends or streams:
            return head
        found = found[-_TABLE:]
    return b""


def _names_encryption(dictionary: bytes) -> bool:
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), dictionary)
    return _LOCKED.search(plain) is not None


def check_png(file: BinaryIO) -> None:
    """Chunk by chunk to the last one; the first says the size."""
    file.seek(8)
    for number in range(MOST_CHUNKS):
        head = file.read(8)
        length, kind = int.from_bytes(head[:4]), head[4:]
        if len(head) < 8 or (kind == b"IHDR") != (number == 0):
            raise broken()
        if number == 0:
            size = file.read(8)
            _check_pixels(int.from_bytes(size[:4]), int.from_bytes(size[4:]))
            length -= 8
        file.seek(length, io.SEEK_CUR)
        if len(file.read(4)) < 4:  # the checksum
            raise broken()
        if kind == b"IEND":
            if file.read(1):
                raise mixed()
            return
    raise broken()


def check_jpeg(file: BinaryIO) -> None:
    """Segment by segment to the picture itself, then to its end.

    What phones add behind it (a short film) may stay; an archive may not.
    """
    file.seek(2)
    measured = False
    while (marker := _marker(file)) != 0xDA:
        if marker in _ALONE:
            continue
        length = int.from_bytes(_exactly(file, 2))
        if marker == 0xD9 or length < 2:
            raise broken()
        start = file.tell()
        if marker in _FRAMES:
            facts = _exactly(file, 5)
            _check_pixels(int.from_bytes(facts[3:5]), int.from_bytes(facts[1:3]))
            measured = True
        file.seek(start + length - 2)
    if not measured or not _ends(file):
        raise broken()
    check_no_archive(file)


def _marker(file: BinaryIO) -> int:
    if _exactly(file, 1) != b"\xff":
        raise broken()
    while (byte := _exactly(file, 1)) == b"\xff":
        pass
    return byte[0]


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise broken()
    return found


def _ends(file: BinaryIO) -> bool:
    """Whether the marker of the end follows; within the picture 0xFF is always followed by another byte."""
    last = b""
    while chunk := file.read(64 * 1024):
        if b"\xff\xd9" in last + chunk:
            return True
        last = chunk[-1:]
    return False


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise broken()
    if width * height > MOST_PIXELS:
        raise Refused(
            say(
                "图片有 {width} × {height} 个像素，最多 {most} 百万像素。请降低分辨率或另存为 PDF，再上传。",
                width=width,
                height=height,
                most=MOST_PIXELS // 1_000_000,
            ),
            code="file_pixels",
            field="file",
        )
