"""What a file really is: decided by its content; its name only has to agree.

Accepted: PDF, OFD (GB/T 33190-2016), DOCX, XLSX (ISO/IEC 29500), PNG, JPEG, and plain text or CSV in
UTF-8. Everything else is refused with a sentence that says what is accepted; and so is what is broken off,
is a second thing besides, or grows beyond measure when it is opened (``wholeness.py``, ``archives.py``).
"""

from __future__ import annotations

import codecs
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from qitong.datashare.logic import archives, wholeness
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

NAME_LIMIT = 120
_HEAD = 8192
_MANIFEST_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileType:
    """One accepted type; the first extension is the usual one."""

    label: str
    content_type: str
    extensions: tuple[str, ...]


PDF = FileType("PDF", "application/pdf", (".pdf",))
OFD = FileType("OFD", "application/ofd", (".ofd",))
DOCX = FileType("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileType("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
PNG = FileType("PNG", "image/png", (".png",))
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg"))
TEXT = FileType("TXT", "text/plain; charset=utf-8", (".txt",))
CSV = FileType("CSV", "text/csv; charset=utf-8", (".csv",))

ACCEPTED = (PDF, OFD, DOCX, XLSX, PNG, JPEG, TEXT, CSV)
EXTENSIONS = tuple(extension for kind in ACCEPTED for extension in kind.extensions)
INLINE = frozenset({PDF.content_type, PNG.content_type, JPEG.content_type})

_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_WHOLE = {
    PDF.label: wholeness.check_pdf,
    PNG.label: wholeness.check_png,
    JPEG.label: wholeness.check_jpeg,
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (  # Windows, Linux, scripts, Java or universal Mach-O, Mach-O of both word sizes and orders
    *(b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
)
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_OTHERS = (  # what else people send: where its mark stands, the mark, and the name they know it by
    (0, b"GIF8", "GIF"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (8, b"WEBP", "WebP"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftyp", "MP4"),
    (0, b"Rar!\x1a\x07", "RAR"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "GZ"),
    (0, b"ID3", "MP3"),
    (0, b"AC10", "DWG"),
    (0, b"BM", "BMP"),
)


def accepted() -> Sentence:
    """Which files are accepted, for forms and refusals."""
    return say("可以上传 {kinds} 文件。", kinds=tuple(extension.lstrip(".") for extension in EXTENSIONS))


def clean_name(raw: str, *, own: bool = False) -> str:
    """A name that is safe to show and to save under: no path, no control or direction characters,
    Unicode NFC. Refused when nothing is left, and beyond 120 characters; a name of our ``own`` making is cut
    there, its extension kept."""
    text = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(" " if c.isspace() else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = " ".join(text.split()).lstrip(".").strip()
    stem, extension = _split(text)
    stem = stem.strip(" .")
    if not stem:
        raise _refused(say("文件没有名称。请为文件取一个名称，再上传。"), "file_name")
    if not own and len(stem + extension) > NAME_LIMIT:
        raise _refused(
            say(
                "文件名称最多{most}字，现在是{n}字。请改短后，再上传。",
                most=NAME_LIMIT,
                n=len(stem + extension),
            ),
            "file_name",
        )
    return stem[: NAME_LIMIT - len(extension)].rstrip() + extension


def identify(file: BinaryIO, name: str) -> FileType:
    """The type of a seekable file, whose (clean) name must agree with it; refused otherwise.

    The position in the file is not kept.
    """
    kind = _by_content(file, name)
    _, extension = _split(name)
    if extension.lower() not in kind.extensions:
        raise _refused(
            say(
                "文件名称以“{found}”结尾，但内容是 {label}。请把名称改为以“{wanted}”结尾，再上传。",
                found=extension or name[-10:],
                label=kind.label,
                wanted=kind.extensions[0],
            ),
            "file_extension",
        )
    _check_whole(file, kind)
    return kind


def _check_whole(file: BinaryIO, kind: FileType) -> None:
    """Refuse what is broken off, is something else besides, or cannot be opened without harm."""
    file.seek(0)
    wholeness.check_alone(b"" if kind in (TEXT, CSV) else file.read(_HEAD))
    if kind in (DOCX, XLSX, OFD):
        with archives.opened(file) as archive:
            archives.check(archive, file)
    elif check := _WHOLE.get(kind.label):
        check(file)


def _split(name: str) -> tuple[str, str]:
    """Stem and extension: up to nine ASCII letters and digits after the last dot."""
    stem, dot, last = name.rpartition(".")
    if not dot or len(last) > 9 or not (last.isascii() and last.isalnum()):
        return name, ""
    return stem, f".{last}"


def _by_content(file: BinaryIO, name: str) -> FileType:
    file.seek(0)
    head = file.read(_HEAD)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        with archives.opened(file) as archive:
            return _in_zip(archive)
    if head.startswith(_OLD_OFFICE):
        raise _refused(
            say("不接受旧版 Office 文件或加密的 Office 文件。请另存为 docx、xlsx 或 PDF，再上传。"),
            "file_type",
        )
    if head.startswith(_PROGRAMS):
        raise _refused(say("不接受可执行程序或脚本。{accepted}", accepted=accepted()), "file_program")
    if _is_text(file):
        return CSV if _split(name)[1].lower() == ".csv" else TEXT
    raise _refused(_unknown(head), "file_type")


def _in_zip(archive: zipfile.ZipFile) -> FileType:
    names = set(archive.namelist())
    if _carries_macros(archive, names):
        raise _refused(
            say("文件中含有宏，不能接受。请另存为不含宏的 docx、xlsx 或 PDF，再上传。"), "file_macros"
        )
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return DOCX
        if "xl/workbook.xml" in names:
            return XLSX
    if "OFD.xml" in names:
        return OFD
    raise _refused(
        say("不接受压缩包。请把其中的文件逐个上传；{accepted}", accepted=accepted()), "file_archive"
    )


def _carries_macros(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if any(name.lower().endswith(_MACRO_PARTS) or "/activex/" in name.lower() for name in names):
        return True
    if "[Content_Types].xml" not in names:
        return False
    # renamed macro parts still declare themselves here
    with archives.readable(), archive.open("[Content_Types].xml") as manifest:
        declared = manifest.read(_MANIFEST_LIMIT).lower()
    return b"macroenabled" in declared or b"vbaproject" in declared


def _is_text(file: BinaryIO) -> bool:
    """Whether the whole file is UTF-8 without control characters other than tab and line ends."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    file.seek(0)
    try:
        while chunk := file.read(64 * 1024):
            if _has_controls(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_controls(text: str) -> bool:
    return any(c < " " and c not in "\t\n\r\f" for c in text) or "\x7f" in text


def _unknown(head: bytes) -> Sentence:
    """Name what the content looks like, where its first bytes tell."""
    for at, mark, name in _OTHERS:
        if head.startswith(mark, at):
            return say("文件内容像是“{found}”，不能接受。{accepted}", found=name, accepted=accepted())
    return say("无法识别文件内容，不能接受。{accepted}文本文件请使用 UTF-8 编码。", accepted=accepted())


def _refused(sentence: Sentence, code: str) -> Refused:
    return Refused(sentence, code=code, field="file")
