"""A backup that was harmed is refused before anything is touched, and the place is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from qitong.server.backups import files, manifest
from qitong.server.backups.check import check
from qitong.server.backups.make import back_up
from qitong.server.backups.manifest import WrongError
from qitong.server.backups.restore import restore
from tests.server.backups.conftest import AT, BY, Kept


def flip(path: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def a_file(folder: Path) -> Path:
    return next(path for path in sorted((folder / manifest.FILES).rglob("*")) if path.is_file())


def test_a_whole_backup_is_found_whole(kept: Path) -> None:
    assert check(kept).files == len(list((kept / manifest.FILES).glob("??/??/*"))) > 0


@pytest.mark.parametrize("name", [manifest.DUMP, manifest.LIST])
def test_a_changed_byte_is_found(harmed: Path, name: str) -> None:
    flip(harmed / name)
    with pytest.raises(WrongError, match=name):
        check(harmed)


def test_a_changed_file_is_named(harmed: Path) -> None:
    file = a_file(harmed)
    flip(file)
    with pytest.raises(WrongError, match=file.name):
        check(harmed)


def test_a_missing_file_is_named(harmed: Path) -> None:
    file = a_file(harmed)
    file.unlink()
    with pytest.raises(WrongError, match=file.name):
        check(harmed)


def test_a_manifest_with_other_counts_does_not_fit_its_seal(harmed: Path) -> None:
    facts = json.loads((harmed / manifest.NAME).read_text())
    facts["contents"]["entries"] -= 1
    (harmed / manifest.NAME).write_text(json.dumps(facts))
    with pytest.raises(WrongError, match="QITONG_LEDGER_KEY"):
        check(harmed)


def test_a_backup_sealed_with_another_key_is_not_loaded(kept: Path, settings: Settings) -> None:
    settings.LEDGER_KEY = "another"
    with pytest.raises(WrongError, match="QITONG_LEDGER_KEY"):
        check(kept)


def test_a_backup_that_was_broken_off_is_not_a_backup(harmed: Path) -> None:
    (harmed / manifest.NAME).unlink()
    with pytest.raises(WrongError, match="not a complete backup"):
        check(harmed)


def test_a_harmed_backup_touches_nothing(harmed: Path, empty: Path) -> None:
    flip(a_file(harmed))
    with pytest.raises(WrongError, match="not what its name says"):
        restore(harmed, by=BY, at=AT)
    assert connection.introspection.table_names() == []
    assert not empty.exists()


def test_a_dump_that_says_something_else_than_the_manifest_is_not_accepted(
    harmed: Path, empty: Path, settings: Settings
) -> None:
    """Whoever holds the key could still pair a manifest with another dump: rows are counted."""
    facts = json.loads((harmed / manifest.NAME).read_text())
    facts.pop("seal")
    facts["contents"]["tables"]["casework_case"] += 1
    facts["seal"] = manifest._seal(facts)
    (harmed / manifest.NAME).write_text(json.dumps(facts))
    with pytest.raises(WrongError, match="casework_case: 1 rows, the backup says 2"):
        restore(harmed, by=BY, at=AT)


def test_a_backup_goes_on_where_it_was_broken_off_and_never_over_a_complete_one(
    alive: Kept, harmed: Path
) -> None:
    flip(a_file(harmed))
    (harmed / manifest.DUMP).write_bytes(b"half")
    (harmed / manifest.NAME).unlink()
    back_up(harmed, by=BY, at=AT)
    assert check(harmed).files == check(alive.folder).files
    with pytest.raises(WrongError, match="already holds a complete backup"):
        back_up(harmed, by=BY, at=AT)


def test_a_folder_with_something_else_in_it_is_left_alone(alive: Kept, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(WrongError, match="photos"):
        back_up(tmp_path, by=BY, at=AT)


def test_a_file_lost_before_the_backup_is_named_and_the_rest_is_kept(
    alive: Kept, tmp_path: Path, settings: Settings
) -> None:
    settings.FILES_DIR = tmp_path / "nothing"
    made = back_up(tmp_path / "backup", by=BY, at=AT)
    assert len(made.lost) == made.files > 0
    assert check(tmp_path / "backup") == made


def test_files_may_stay_where_they_are(alive: Kept, tmp_path: Path) -> None:
    made = back_up(tmp_path / "backup", with_files=False, by=BY, at=AT)
    assert not (tmp_path / "backup" / manifest.FILES).exists()
    files.verify(tmp_path / "backup", made)
