"""A file is kept whole, once, and its row says what is there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qitong.accounts.actors import Actor
from qitong.datashare import documents, storage
from qitong.datashare.models import Document, Origin, Scan
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.datashare.conftest import AT, PDF, Keep

pytestmark = pytest.mark.django_db


def test_the_row_says_what_the_bytes_are(keep: Keep) -> None:
    document = keep()
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (document.size, document.content_type) == (len(PDF), "application/pdf")
    assert (document.name, document.key, document.scan) == ("营业执照.pdf", "licence", Scan.NOT_CONFIGURED)
    assert documents.is_stored(document)


def test_a_retry_returns_the_document_of_the_first_try_and_writes_one_entry(keep: Keep) -> None:
    assert keep() == keep()
    assert Entry.objects.filter(kind="document.stored").count() == 1


def test_another_key_is_another_document_of_the_same_bytes(keep: Keep, empty_store: Path) -> None:
    first, second = keep(), keep(key="lease")
    assert first != second
    assert len([p for p in empty_store.rglob("*") if p.is_file()]) == 1


def test_another_name_is_another_document_of_the_same_bytes(keep: Keep, empty_store: Path) -> None:
    first, second = keep(), keep(name="副本.pdf")
    assert (first.name, second.name) == ("营业执照.pdf", "副本.pdf")
    assert keep(name="副本.pdf") == second
    assert len([p for p in empty_store.rglob("*") if p.is_file()]) == 1


def test_a_withdrawn_file_can_be_handed_in_again(keep: Keep, clerk: Actor) -> None:
    first = keep()
    documents.withdraw(first.pk, by=clerk, at=AT)
    assert keep() != first


def test_what_we_generate_needs_no_scan(keep: Keep) -> None:
    assert keep(origin=Origin.GENERATED).scan == Scan.NOT_NEEDED


def test_a_name_in_the_ledger_is_only_a_digest(keep: Keep) -> None:
    keep(name="张三身份证.pdf")
    assert "张三" not in str(Entry.objects.get(kind="document.stored").body)


def test_a_row_whose_bytes_are_gone_is_unusable(keep: Keep) -> None:
    document = keep()
    storage.store().delete(document.sha256)
    assert not documents.is_stored(document)
    assert "没有完整保存" in str(documents.why_unusable(document))


def test_a_retry_repairs_lost_bytes(keep: Keep) -> None:
    storage.store().delete(keep().sha256)
    assert documents.is_stored(keep())


def test_fetched_is_not_a_way_around_consent(keep: Keep) -> None:
    with pytest.raises(ValueError, match="store_fetched"):
        keep(origin=Origin.FETCHED)


def test_nothing_is_written_when_a_file_is_refused(keep: Keep, empty_store: Path) -> None:
    with pytest.raises(Refused):
        keep(b"MZ\x90\x00", "a.pdf")
    assert not Document.objects.exists()
    assert not list(empty_store.rglob("*.*"))
