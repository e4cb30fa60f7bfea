"""Files made byte by byte: whole ones, and what an attacker or a bad line makes of them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_STORED, _PACKED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
CONTENT_TYPES = b'<?xml version="1.0"?><Types/>'


def png(width: int = 2, height: int = 2) -> bytes:
    """A grey picture; its pixels are there when it is small."""
    rows = (b"\0" + b"\x7f" * width) * height if width * height < 1000 else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*parts, strict=True)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """The segments of a picture, in order; what would be its pixels is empty."""
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\0\x3f\0" + b"\x55\xff\x00\x55"
    return b"\xff\xd8" + app0 + frame + scan + b"\xff\xd9"


def docx(
    parts: dict[str, bytes] | None = None,
    *,
    document: bytes = b"<w:document xmlns:w='w'/>",
    comment: bytes = b"",
    first: str = "",
) -> bytes:
    """A Word file with further parts; ``first`` comes first and as it is, the others are compressed."""
    base = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted((base | (parts or {})).items(), key=lambda it: it[0] != first):
            # a fixed date (ZipInfo's default): the bytes may be part of test names, which all workers share
            archive.writestr(zipfile.ZipInfo(name), content, _STORED if name == first else _PACKED)
        archive.comment = comment
    return buffer.getvalue()


def plain_zip(name: str = "a.class", content: bytes = b"\xca\xfe\xba\xbe") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def lying(content: bytes, part: str, size: int) -> bytes:
    """The archive, whose list says that ``part`` is ``size`` bytes long when unpacked."""
    at = content.rindex(part.encode()) - 46  # the entry in the list, before its name
    assert content[at : at + 4] == b"PK\x01\x02"
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]
