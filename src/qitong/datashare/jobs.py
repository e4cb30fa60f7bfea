"""Jobs of datashare, deferred in the transaction of the fact they follow from."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from qitong.accounts.actors import Actor
from qitong.datashare import scanning

# Without an end: a document stays in quarantine until somebody has looked. Thirty seconds, then a minute, …
UNTIL_SCANNED = RetryStrategy(wait=30, linear_wait=30)


@app.task(name="datashare.scan_document", retry=UNTIL_SCANNED)
def scan_document(document_id: int) -> None:
    """Scan one document; an unreachable scanner raises, and the job is tried again later."""
    scanning.scan(document_id, by=Actor.system("scan"), at=timezone.now())


def defer_scan(document_id: int) -> None:
    """Have the document scanned once the present transaction has committed."""
    scan_document.configure(lock=f"scan:{document_id}").defer(document_id=document_id)
