"""Office files and OFD are zip archives: what one may hold, found without unpacking it anywhere.

Each part is inflated piece by piece and counted, so that an archive that lies about its sizes is
caught by what comes out, not by what it says. Parts in XML may not begin with a document type
(ECMA-376-2, 9.1.1 and GB/T 33190 need none): that is where entities that grow or fetch are declared.
"""

from __future__ import annotations

import errno
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from qitong.datashare.logic.wholeness import broken, mixed
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

MEGABYTE = 1024 * 1024
MOST_PARTS = 5000
MOST_INFLATED = 300 * MEGABYTE
"""Of all parts, those of archives within included."""
MOST_DENSE = 500
"""How often its size a part may grow, once it is larger than a megabyte: text grows thirtyfold."""
LONGEST_PROLOG = 64 * 1024
"""Bytes before the first element of an XML part."""
LONGEST_COMMENT = 256

MOST_LISTED = 4 * MEGABYTE
MOST_WITHIN = 32 * MEGABYTE
"""Of an archive within the archive, which is held in memory."""

_CHUNK = 64 * 1024
_END = 22  # bytes of the record that ends an archive
_LAST = 64 * 1024 + _END
_ENCRYPTED = 0x1
_LOCAL = 30  # bytes of a part's own head before its name (APPNOTE.TXT 4.3.7)
_XML = (".xml", ".rels", ".vml")
_INNER = ("word/embeddings/", "xl/embeddings/")


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The archive with its list of parts; none of them has been looked at."""
    with readable():
        _check_list(file)
        return zipfile.ZipFile(file)


def check(archive: zipfile.ZipFile, file: BinaryIO) -> None:
    """Look at every part; refused unless each is what the list says, and harmless to unpack."""
    with readable():
        _Reading(left=MOST_INFLATED).whole(archive, file)


@contextmanager
def readable() -> Iterator[None]:
    """Whatever the library makes of an archive that contradicts itself, its reader is told one thing."""
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
        raise broken() from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # sought before the beginning
            raise
        raise broken() from error


def _check_list(file: BinaryIO) -> None:
    """Refuse a list that would itself fill the memory (APPNOTE.TXT 4.3.16), before it is read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LAST))
    tail = file.read()
    end = tail[tail.rfind(b"PK\x05\x06") :][:_END] if b"PK\x05\x06" in tail else b""
    if len(end) < _END:
        raise broken()
    if (
        int.from_bytes(end[10:12], "little") > MOST_PARTS
        or int.from_bytes(end[12:16], "little") > MOST_LISTED
    ):
        raise _bomb()


def _refused(sentence: Sentence, code: str) -> Refused:
    return Refused(sentence, code=code, field="file")


@dataclass(slots=True)
class _Reading:
    """``left``: how many bytes may still come out."""

    left: int
    inner: bool = False

    def whole(self, archive: zipfile.ZipFile, file: BinaryIO) -> None:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > self.left:
            raise _bomb()
        _check_frame(archive, parts)
        for part in parts:
            self._part(part, file)

    def _part(self, part: zipfile.ZipInfo, file: BinaryIO) -> None:
        _check_name(part)
        is_xml = part.filename.lower().endswith(_XML)
        prolog = _Prolog() if is_xml else None
        kept = bytearray()
        size = check = 0
        for piece in _inflated(part, file):
            size, check = size + len(piece), zlib.crc32(piece, check)
            self.left -= len(piece)
            if self.left < 0 or (size > MEGABYTE and size > part.compress_size * MOST_DENSE):
                raise _bomb()
            if prolog is not None:
                prolog.feed(piece)
            if size == len(piece) and piece.startswith(b"PK\x03\x04"):
                self._check_inner(part)
                kept += piece
            elif kept:
                kept += piece
            if len(kept) > MOST_WITHIN:
                raise _bomb()
        if (size, check) != (part.file_size, part.CRC):
            raise broken()
        if kept:
            self._open_inner(bytes(kept))

    def _check_inner(self, part: zipfile.ZipInfo) -> None:
        """A table within a text is an archive within one; anything deeper or elsewhere is no document."""
        if self.inner or not part.filename.lower().startswith(_INNER):
            raise _refused(
                say(
                    "文件里还藏着压缩包“{name}”，不能接受。请把其中的文件逐个上传。", name=part.filename[-40:]
                ),
                "file_archive",
            )

    def _open_inner(self, content: bytes) -> None:
        within = io.BytesIO(content)
        _check_list(within)
        self.inner = True
        with zipfile.ZipFile(within) as archive:
            self.whole(archive, within)
        self.inner = False


def _bomb() -> Refused:
    return _refused(
        say(
            "文件解压后会大得异常（超过 {most} MB 或膨胀 {dense} 倍），不能接受。请另存为 PDF，再上传。",
            most=MOST_INFLATED // MEGABYTE,
            dense=MOST_DENSE,
        ),
        "file_bomb",
    )


def _check_frame(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """The first part begins the file and the directory ends it: nothing else hides before or behind."""
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise broken()
    if min((part.header_offset for part in parts), default=1) != 0 or len(archive.comment) > LONGEST_COMMENT:
        raise mixed()


def _check_name(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & _ENCRYPTED:
        raise _refused(say("文件设有密码，办理的人打不开。请取消密码后，再上传。"), "file_locked")
    steps = part.filename.replace("\\", "/").split("/")
    if ".." in steps or steps[0] == "" or ":" in steps[0]:
        raise mixed()


def _inflated(part: zipfile.ZipInfo, file: BinaryIO) -> Iterator[bytes]:
    """What a part really holds, however much it says it does."""
    file.seek(part.header_offset)
    head = file.read(_LOCAL)
    if len(head) < _LOCAL or head[:4] != b"PK\x03\x04":
        raise broken()
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), io.SEEK_CUR)
    if part.compress_type == zipfile.ZIP_STORED:
        yield from _raw(part, file)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise broken()
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for chunk in _raw(part, file):
        rest = chunk
        while rest and not stream.eof:
            if piece := stream.decompress(rest, _CHUNK):
                yield piece
            rest = stream.unconsumed_tail
    if not stream.eof:
        raise broken()


def _raw(part: zipfile.ZipInfo, file: BinaryIO) -> Iterator[bytes]:
    left = part.compress_size
    while left > 0:
        chunk = file.read(min(_CHUNK, left))
        if not chunk:
            raise broken()
        left -= len(chunk)
        yield chunk


class _Prolog:
    """Reads an XML part up to its first element."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._element
        self._seen = 0
        self._done = False

    def feed(self, piece: bytes) -> None:
        if self._done:
            return
        piece = piece[:LONGEST_PROLOG]
        self._seen += len(piece)
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError as error:
            if not self._done:
                raise broken() from error
        if not self._done and self._seen >= LONGEST_PROLOG:
            raise broken()

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._done = True

    def _doctype(self, *declared: object) -> None:
        raise _refused(
            say("文件中的 XML 带有文档类型声明（DTD），不能接受。请在原来的软件里另存一份，再上传。"),
            "file_entities",
        )
