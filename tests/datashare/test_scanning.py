"""With a scanner configured nothing is opened before it was looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.datashare import documents, jobs, queries, scanning
from qitong.datashare.models import Document, Scan
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.datashare.clamd import EICAR, Clamd, running
from tests.datashare.conftest import AT, Keep, pdf_with

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=1)
SCANNER = Actor.system("scan")


@pytest.fixture
def clamd(settings: Settings) -> Iterator[Clamd]:
    with running() as server:
        settings.CLAMD_ADDRESS = server.address
        yield server


def test_an_upload_waits_in_quarantine_with_its_scan_deferred(keep: Keep, clamd: Clamd, clerk: Actor) -> None:
    document = keep()
    assert document.scan == Scan.PENDING
    assert "正在查毒" in str(documents.why_unusable(document))
    with pytest.raises(Refused) as refusal:
        documents.open(document, actor=clerk)
    assert refusal.value.code == "quarantined"
    assert ProcrastinateJob.objects.get().args == {"document_id": document.pk}
    assert queries.scan_backlog() == queries.Backlog(1, AT)


def test_the_scan_vanishes_with_a_transaction_that_fails(keep: Keep, clamd: Clamd) -> None:
    with transaction.atomic():
        keep()
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()


def test_a_clean_file_leaves_quarantine(keep: Keep, clamd: Clamd, clerk: Actor) -> None:
    document = keep(pdf_with(b" " * 200_000))
    assert scanning.scan(document.pk, by=SCANNER, at=LATER) == Scan.CLEAN
    document.refresh_from_db()
    assert (document.scanned_at, str(documents.why_unusable(document))) == (LATER, "")
    with documents.open(document, actor=clerk) as stream:
        assert stream.read() == clamd.received[0]


def test_an_infected_file_is_never_opened_and_the_ledger_says_why(
    keep: Keep, clamd: Clamd, clerk: Actor
) -> None:
    document = keep(pdf_with(EICAR))
    assert scanning.scan(document.pk, by=SCANNER, at=LATER) == Scan.INFECTED
    document.refresh_from_db()
    with pytest.raises(Refused, match="病毒"):
        documents.open(document, actor=clerk, allowed_by="case:1")
    entry = Entry.objects.get(kind="document.scanned")
    assert entry.body["finding"] == document.finding == "Eicar-Test-Signature"


def test_the_same_bytes_elsewhere_go_into_quarantine_too(
    keep: Keep, clamd: Clamd, neighbour: Enterprise, settings: Settings
) -> None:
    settings.CLAMD_ADDRESS = ""
    unscanned = keep(pdf_with(EICAR), enterprise_id=neighbour.pk)
    settings.CLAMD_ADDRESS = clamd.address
    scanning.scan(keep(pdf_with(EICAR)).pk, by=SCANNER, at=LATER)
    unscanned.refresh_from_db()
    assert unscanned.scan == Scan.INFECTED
    assert Entry.objects.filter(kind="document.scanned").count() == 2


def test_what_was_once_found_infected_is_refused_from_anybody_even_without_a_scanner(
    keep: Keep, clamd: Clamd, neighbour: Enterprise, settings: Settings
) -> None:
    scanning.scan(keep(pdf_with(EICAR)).pk, by=SCANNER, at=LATER)
    settings.CLAMD_ADDRESS = ""
    with pytest.raises(Refused, match="病毒"):
        keep(pdf_with(EICAR))
    with pytest.raises(Refused, match="病毒"):
        keep(pdf_with(EICAR), enterprise_id=neighbour.pk)


def test_scanning_again_changes_nothing(keep: Keep, clamd: Clamd) -> None:
    document = keep()
    scanning.scan(document.pk, by=SCANNER, at=LATER)
    scanning.scan(document.pk, by=SCANNER, at=LATER + dt.timedelta(days=1))
    document.refresh_from_db()
    assert document.scanned_at == LATER
    assert len(clamd.received) == 1


def test_a_scanner_that_hangs_up_leaves_the_file_in_quarantine(keep: Keep, clamd: Clamd) -> None:
    document = keep()
    clamd.hangs_up = True
    with pytest.raises(scanning.ScanError):
        scanning.scan(document.pk, by=SCANNER, at=LATER)
    assert Document.objects.get().scan == Scan.PENDING


def test_an_error_is_no_verdict(keep: Keep, clamd: Clamd) -> None:
    clamd.answer = b"INSTREAM size limit exceeded. ERROR\0"
    with pytest.raises(scanning.ScanError, match="size limit"):
        scanning.scan(keep().pk, by=SCANNER, at=LATER)


def test_a_scanner_that_is_down_raises_so_that_the_job_is_tried_again(keep: Keep, settings: Settings) -> None:
    settings.CLAMD_ADDRESS = "/nowhere/clamd.sock"
    with pytest.raises(scanning.ScanError, match="reached"):
        scanning.scan(keep().pk, by=SCANNER, at=LATER)
    assert jobs.UNTIL_SCANNED.max_attempts is None


def test_the_job_scans(keep: Keep, clamd: Clamd) -> None:
    document = keep()
    jobs.scan_document(document.pk)
    document.refresh_from_db()
    assert document.scan == Scan.CLEAN


def test_an_address_that_makes_no_sense_is_said_before_anything_is_kept(
    keep: Keep, settings: Settings, empty_store: Path
) -> None:
    settings.CLAMD_ADDRESS = "clamd"
    with pytest.raises(Refused) as refusal:
        keep()
    assert refusal.value.code == "not_configured"
    assert not list(empty_store.rglob("*"))
    assert not Document.objects.exists()
