"""Files nobody may open: those still to be scanned and those in which something was found."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.datashare import jobs
from qitong.datashare.models import Document, Scan
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import NewEntry, record_many


def waiting(before: dt.datetime) -> QuerySet[Document]:
    """Not scanned, though uploaded before that moment."""
    late = Document.objects.filter(Q(scan="pending"), uploaded_at__lt=before)
    return late.select_related("enterprise")


def infected() -> QuerySet[Document]:
    return Document.objects.filter(Q(scan="infected")).select_related("enterprise")


@transaction.atomic
def scan_again(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """Have a file scanned (again), and with it all that hold the same bytes; closed until then. For
    when the scanner's signatures were wrong, or its job was lost."""
    require_allowed(by, Deed.OPERATE)
    asked = Document.objects.filter(pk=document_id, scan__in=(Scan.PENDING, Scan.INFECTED)).first()
    if asked is None:
        raise Refused(say("这份文件不在隔离之中。"), code="not_quarantined")
    same = Document.objects.select_for_update(of=("self",)).filter(sha256=asked.sha256).order_by("pk")
    found = list(same.filter(scan__in=(Scan.PENDING, Scan.INFECTED)))
    Document.objects.filter(pk__in=[document.pk for document in found]).update(
        scan=Scan.PENDING, scanned_at=None, finding=""
    )
    record_many(
        NewEntry(
            stream=f"enterprise:{document.enterprise_id}",
            kind="document.scan_again",
            by=by.ref,
            at=at,
            body={"document": str(document.public_id), "before": document.scan, "finding": document.finding},
        )
        for document in found
    )
    for document in found:
        jobs.defer_scan(document.pk)
