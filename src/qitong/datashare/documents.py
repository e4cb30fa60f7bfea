"""Documents: taken in whole and checked, kept by content, opened only when they are safe."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.datashare import jobs, permissions, scanning, storage
from qitong.datashare.logic import filetypes
from qitong.datashare.models import OWN_WORK, Consent, Document, Origin, Scan
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.ledger.record import record

MEGABYTE = 1024 * 1024
DEFAULT_LIMIT = 20 * MEGABYTE


def size_limit() -> int:
    """The largest accepted file in bytes: ``settings.FILES_MAX_BYTES``, 20 MB without one."""
    return int(getattr(settings, "FILES_MAX_BYTES", DEFAULT_LIMIT))


def store(
    file: BinaryIO,
    *,
    name: str,
    key: str = "",
    enterprise_id: int,
    origin: Origin = Origin.UPLOADED,
    by: Actor,
    at: dt.datetime,
) -> Document:
    """Check and keep a file; refused with the field ``file`` when it cannot be accepted.

    ``key`` is the material key under which it may be reused, empty for none. The same content under
    the same name for the same enterprise, key and origin is the same document: a retry returns the one
    already stored.
    Uploads wait in quarantine until scanned, when a scanner is configured.
    """
    if origin == Origin.FETCHED:
        raise ValueError("what a department shares is stored by store_fetched, under a consent")
    _check_scanner(origin)
    taken = _take_in(file, name, own=origin in OWN_WORK)
    return _keep(taken, key=key, enterprise_id=enterprise_id, origin=origin, by=by, at=at)


def store_fetched(
    file: BinaryIO,
    *,
    name: str,
    key: str,
    enterprise_id: int,
    department_code: str,
    consent_id: int,
    by: Actor,
    at: dt.datetime,
) -> Document:
    """Keep what ``department_code`` supplied about the enterprise, under a consent that names it.

    Refused with ``no_consent`` when the consent is another enterprise's, revoked, or names other
    departments.
    """
    _check_scanner(Origin.FETCHED)
    with transaction.atomic():
        consent = _consent_for(consent_id, enterprise_id, department_code)
        return _keep(
            _take_in(file, name),
            key=key,
            enterprise_id=enterprise_id,
            origin=Origin.FETCHED,
            by=by,
            at=at,
            source=department_code,
            consent=consent,
        )


def withdraw(document_id: int, *, by: Actor, at: dt.datetime) -> Document:
    """Offer the document no more. Cases that already hold it keep it; a second call changes nothing."""
    with transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
        if sentence := permissions.why_not(by, "withdraw", document):
            raise Refused(sentence, code="forbidden")
        if document.withdrawn_at is None:
            document.withdrawn_at = at
            document.save(update_fields=["withdrawn_at"])
            record(
                f"enterprise:{document.enterprise_id}",
                "document.withdrawn",
                by=by.ref,
                at=at,
                body={"document": str(document.public_id), "key": document.key},
            )
    return document


def is_stored(document: Document) -> bool:
    """Whether the bytes are really there, in full."""
    return storage.store().exists(document.sha256, document.size)


def why_unusable(document: Document) -> Sentence:
    """Why the document cannot be handed in now; empty when it can."""
    if document.erased_at is not None:
        return say("这份文件已按规定删除。")
    if document.withdrawn_at is not None:
        return say("文件“{name}”已撤回，请重新上传。", name=document.name)
    if sentence := _why_quarantined(document):
        return sentence
    if document.consent is not None and document.consent.revoked_at is not None:
        return say("文件“{name}”的共享授权已撤销，请重新授权或上传。", name=document.name)
    if not is_stored(document):
        return say("文件“{name}”没有完整保存，请重新上传。", name=document.name)
    return NOTHING


def open(document: Document, *, actor: Actor, allowed_by: str = "") -> BinaryIO:  # noqa: A001  (read: documents.open)
    """The bytes, to be closed by the caller; never those of a document in quarantine.

    Members open their enterprise's documents. Officers see what their cases hold, which only
    casework can tell: it checks first and names its check in ``allowed_by`` ("case:42").
    """
    if not allowed_by and (sentence := permissions.why_not(actor, "read", document)):
        raise Refused(sentence, code="forbidden")
    if document.erased_at is not None:
        raise Refused(say("这份文件已按规定删除。"), code="erased")
    if sentence := _why_quarantined(document):
        raise Refused(sentence, code="quarantined")
    try:
        return storage.store().open(document.sha256)
    except FileNotFoundError as error:
        raise Refused(
            say("文件“{name}”没有完整保存，请重新上传。", name=document.name), code="not_stored"
        ) from error


def _why_quarantined(document: Document) -> Sentence:
    if document.scan == Scan.PENDING:
        return say("文件“{name}”正在查毒，通常几分钟内完成，请稍后再试。", name=document.name)
    if document.scan == Scan.INFECTED:
        return _infected(document.name)
    return NOTHING


def _infected(name: str) -> Sentence:
    return say("文件“{name}”查出病毒，不能使用。请清除病毒后重新上传。", name=name)


@dataclass(frozen=True, slots=True)
class _TakenIn:
    """A checked file whose bytes are durable."""

    name: str
    content_type: str
    sha256: str
    size: int


def _take_in(file: BinaryIO, name: str, *, own: bool = False) -> _TakenIn:
    """Check the file and put its bytes into the store."""
    name = filetypes.clean_name(name, own=own)
    with tempfile.SpooledTemporaryFile(max_size=MEGABYTE) as spool:
        _fill(spool, file)
        whole = cast(BinaryIO, spool)
        kind = filetypes.identify(whole, name)
        whole.seek(0)
        sha256, size = storage.store().put(whole)
    return _TakenIn(name, kind.content_type, sha256, size)


def _keep(
    taken: _TakenIn,
    *,
    key: str,
    enterprise_id: int,
    origin: Origin,
    by: Actor,
    at: dt.datetime,
    source: str = "",
    consent: Consent | None = None,
) -> Document:
    """The row, after its bytes: it never points at what is not yet durable."""
    if Document.objects.filter(sha256=taken.sha256, scan=Scan.INFECTED).exists():
        raise Refused(_infected(taken.name), code="quarantined", field="file")
    with transaction.atomic():
        document, created = Document.objects.get_or_create(
            enterprise_id=enterprise_id,
            key=key,
            sha256=taken.sha256,
            name=taken.name,
            origin=origin,
            source=source,
            consent=consent,
            withdrawn_at=None,
            defaults={
                "size": taken.size,
                "content_type": taken.content_type,
                "uploaded_by_id": by.user_id,
                "uploaded_at": at,
                "scan": _scan_at_first(origin),
            },
        )
        if created:
            _record_stored(document, by=by, at=at)
            if document.scan == Scan.PENDING:
                jobs.defer_scan(document.pk)
    return document


def _consent_for(consent_id: int, enterprise_id: int, department_code: str) -> Consent:
    """The consent, locked: a revocation comes before or after, never in between."""
    consent = (
        Consent.objects.select_for_update(of=("self",))
        .filter(
            pk=consent_id,
            enterprise_id=enterprise_id,
            department_codes__contains=[department_code],
            revoked_at=None,
        )
        .first()
    )
    if consent is None:
        raise Refused(say("企业没有授权该部门共享资料，不能附上。请先请企业在门户授权。"), code="no_consent")
    return consent


def _record_stored(document: Document, *, by: Actor, at: dt.datetime) -> None:
    """A file's name often holds a person's: it goes where it can be erased."""
    body = {
        "document": str(document.public_id),
        "key": document.key,
        "origin": document.origin,
        "sha256": document.sha256,
        "size": document.size,
        "scan": document.scan,
    }
    if document.consent is not None:
        body |= {"source": document.source, "consent": document.consent.pk}
    record(
        f"enterprise:{document.enterprise_id}",
        "document.stored",
        by=by.ref,
        at=at,
        body=body,
        personal={"name": document.name},
    )


def _fill(spool: IO[bytes], file: BinaryIO) -> None:
    """Copy the upload, refusing it as soon as it is too large, or when it is empty."""
    limit, size = size_limit(), 0
    for chunk in storage.chunks(file):
        size += len(chunk)
        if size > limit:
            raise Refused(
                say(
                    "文件超过 {limit} MB，不能接受。请压缩图片或分成几个文件，再上传。",
                    limit=f"{limit / MEGABYTE:g}",
                ),
                code="file_too_large",
                field="file",
            )
        spool.write(chunk)
    if not size:
        raise Refused(say("文件是空的。请确认文件内容后，重新上传。"), code="file_empty", field="file")


def _check_scanner(origin: Origin) -> None:
    """Nothing is taken in for a scan that can never happen."""
    if origin not in OWN_WORK and (sentence := scanning.problem()):
        raise Refused(sentence, code="not_configured", field="file")


def _scan_at_first(origin: Origin) -> Scan:
    if origin in OWN_WORK:
        return Scan.NOT_NEEDED
    return Scan.PENDING if settings.CLAMD_ADDRESS else Scan.NOT_CONFIGURED
