"""Viruses: a document waits in quarantine until clamd has looked at it.

The protocol is clamd's INSTREAM (clamd(8)): ``zINSTREAM\\0``, chunks each preceded by its length as
four big-endian bytes, a zero length, and one answer ended by a zero byte.
"""

from __future__ import annotations

import datetime as dt
import socket
import struct
from contextlib import closing
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.datashare import storage
from qitong.datashare.models import Document, Scan
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.record import NewEntry, record_many

TIMEOUT = 60.0  # seconds for each step of the conversation
_CHUNK = 64 * 1024
_ANSWER_LIMIT = 4096


class ScanError(Exception):
    """The scanner gave no verdict; the document stays in quarantine."""


def problem() -> Sentence:
    """What is wrong with the scanner's address; empty when it is well-formed or there is none."""
    address = settings.CLAMD_ADDRESS
    if not address or address.startswith("/"):
        return NOTHING
    host, _, port = address.rpartition(":")
    if host and port.isdigit() and 0 < int(port) < 65536:
        return NOTHING
    return say("查毒服务的地址“{address}”不正确：应为“主机:端口”，或以“/”开头的套接字路径。", address=address)


def scan(document_id: int, *, by: Actor, at: dt.datetime) -> Scan | None:
    """Scan a pending document and note the verdict; what is no longer pending is left as it is.

    Returns the state afterwards, None when there is no such document. Raises :class:`ScanError`
    when the scanner cannot be reached or gives no verdict, ``FileNotFoundError`` when the bytes are
    missing. No transaction is open while the scanner works.
    """
    document = Document.objects.filter(pk=document_id).first()
    if document is None or document.scan != Scan.PENDING:
        return None if document is None else Scan(document.scan)
    with closing(storage.store().open(document.sha256)) as stream:
        finding = verdict(stream)
    if finding:
        _mark_infected(document.sha256, finding[:200], by=by, at=at)
        return Scan.INFECTED
    return _mark_clean(document_id, by=by, at=at)


def verdict(stream: BinaryIO) -> str:
    """The name of what clamd found in the bytes, empty when it found nothing."""
    try:
        with closing(_connect()) as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScanError(f"the scanner cannot be reached: {error}") from error
    result = answer.removeprefix("stream: ")
    if result == "OK":
        return ""
    if result.endswith(" FOUND"):
        return result.removesuffix(" FOUND")
    raise ScanError(f"the scanner gave no verdict: {answer!r}")


def _connect() -> socket.socket:
    address = settings.CLAMD_ADDRESS
    if not address:
        raise ScanError("no scanner is configured")
    if sentence := problem():
        raise ScanError(str(sentence))
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)


def _answer(line: socket.socket) -> str:
    received = b""
    while b"\0" not in received and len(received) < _ANSWER_LIMIT:
        part = line.recv(_ANSWER_LIMIT)
        if not part:
            raise ScanError("the scanner hung up before answering")
        received += part
    return received.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _mark_infected(sha256: str, finding: str, *, by: Actor, at: dt.datetime) -> None:
    """The same bytes are the same danger: every document that holds them goes into quarantine."""
    with transaction.atomic():
        same = Document.objects.select_for_update(of=("self",)).filter(sha256=sha256).order_by("pk")
        found = list(same.exclude(scan=Scan.INFECTED))
        Document.objects.filter(pk__in=[document.pk for document in found]).update(
            scan=Scan.INFECTED, scanned_at=at, finding=finding
        )
        record_many(_entry(document, Scan.INFECTED, finding, by=by, at=at) for document in found)


def _mark_clean(document_id: int, *, by: Actor, at: dt.datetime) -> Scan:
    """Unless the same bytes were found infected meanwhile."""
    with transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
        if document.scan == Scan.PENDING:
            document.scan, document.scanned_at = Scan.CLEAN, at
            document.save(update_fields=["scan", "scanned_at"])
            record_many([_entry(document, Scan.CLEAN, "", by=by, at=at)])
    return Scan(document.scan)


def _entry(document: Document, verdict: Scan, finding: str, *, by: Actor, at: dt.datetime) -> NewEntry:
    return NewEntry(
        stream=f"enterprise:{document.enterprise_id}",
        kind="document.scanned",
        by=by.ref,
        at=at,
        body={"document": str(document.public_id), "verdict": verdict.value, "finding": finding},
    )
