"""A real backup, an empty database, and everything is there again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from qitong.casework.models import Case
from qitong.casework.queries import expected_streams
from qitong.datashare import documents
from qitong.datashare.models import Document
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from qitong.server.backups import manifest
from qitong.server.backups.manifest import WrongError
from qitong.server.backups.restore import restore
from tests.server.backups.conftest import AT, BY


def test_what_was_there_is_there_again(kept: Path, empty: Path) -> None:
    done = restore(kept, by=BY, at=AT)
    assert done.verdict.whole
    assert done.verdict.root == done.backup.contents.root != ""
    assert Case.objects.get().number
    kept_files = sorted(path.name for path in (kept / manifest.FILES).rglob("*") if path.is_file())
    assert kept_files == sorted(set(Document.objects.values_list("sha256", flat=True)))
    assert all(documents.is_stored(document) for document in Document.objects.all())
    assert empty.exists()


def test_a_restored_system_says_so_and_goes_on(kept: Path, empty: Path) -> None:
    restore(kept, by=BY, at=AT)
    [entry] = Entry.objects.filter(stream="backup")
    assert (entry.kind, entry.body["made_at"]) == ("backup.restored", AT.isoformat())
    assert verify(expected=expected_streams()).whole


def test_what_is_there_is_not_overwritten_unless_asked(kept: Path, empty: Path) -> None:
    restore(kept, by=BY, at=AT)
    with pytest.raises(WrongError, match="not empty"):
        restore(kept, by=BY, at=AT)
    assert Entry.objects.filter(kind="backup.restored").count() == 1
    assert restore(kept, replace=True, by=BY, at=AT).verdict.whole


def test_followers_of_the_ledger_go_on_in_a_cluster_that_counted_less(kept: Path, empty: Path) -> None:
    from qitong.ledger.queries import since
    from qitong.server.backups import restore as restoring

    restore(kept, by=BY, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET xid = '9000000000'")
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    assert since()[0] == [], "marks of a cluster that counted further keep followers waiting"
    restoring._follow_anew()
    assert len(since()[0]) == Entry.objects.count()
    assert verify().whole


def test_the_store_of_the_drill_is_not_that_of_the_backup(kept: Path, empty: Path) -> None:
    assert Path(settings.FILES_DIR) == empty
    assert empty not in kept.parents
