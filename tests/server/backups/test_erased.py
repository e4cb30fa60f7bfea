"""A backup of before brings people back; the list of who was erased takes them away again."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from qitong.accounts.models import User
from qitong.casework.queries import expected_streams
from qitong.cli import main
from qitong.datashare import erasing
from qitong.datashare.models import Document
from qitong.ledger.verify import verify
from qitong.privacy import erasure
from qitong.server.backups.make import back_up
from qitong.server.backups.restore import restore
from tests.server.backups.conftest import AT, BY, CLERK

HE, WHY = "13800000002", "本人书面请求删除"


def test_who_was_erased_is_erased_again_after_a_restore(kept: Path, empty: Path, tmp_path: Path) -> None:
    restore(kept, by=BY, at=AT)
    user = User.objects.get(login=HE)
    erasure.erase(subject=user, reason=WHY, by=BY, at=AT)
    listed = CliRunner().invoke(main, ["privacy", "list"])
    assert f'"subject": "{user.ref}"' in listed.output
    assert (HE in listed.output, user.name in listed.output) == (False, False)
    (tmp_path / "erased.jsonl").write_text(listed.output)

    restore(kept, replace=True, by=BY, at=AT)
    assert User.objects.filter(login=HE).exists()
    applied = CliRunner().invoke(main, ["privacy", "apply", str(tmp_path / "erased.jsonl")])
    assert (applied.exit_code, applied.output) == (0, f"{user.ref}: erased again\n")
    assert not User.objects.filter(login=HE).exists()
    assert verify(expected=expected_streams()).whole
    again = CliRunner().invoke(main, ["privacy", "apply", str(tmp_path / "erased.jsonl")])
    assert again.output == f"{user.ref}: was erased\n"


def test_who_cannot_be_erased_again_is_named(kept: Path, empty: Path, tmp_path: Path) -> None:
    """As the backup has it their case is still open."""
    restore(kept, by=BY, at=AT)
    user = User.objects.get(login=CLERK)
    (tmp_path / "erased.jsonl").write_text(f'{{"subject": "{user.ref}"}}\n{{"subject": "user:987654"}}\n')
    applied = CliRunner().invoke(main, ["privacy", "apply", str(tmp_path / "erased.jsonl")])
    assert applied.exit_code == 1
    assert f"{user.ref}: NOT ERASED" in applied.output
    assert "user:987654: not there" in applied.output
    assert User.objects.filter(login=CLERK).exists()


def test_a_file_that_was_erased_is_not_lost(kept: Path, empty: Path, tmp_path: Path) -> None:
    restore(kept, by=BY, at=AT)
    paper = Document.objects.order_by("pk")[0]
    erasing.erase(Document.objects.filter(sha256=paper.sha256).values_list("pk", flat=True), by=BY, at=AT)
    made = back_up(tmp_path / "later", by=BY, at=AT)
    assert made.lost == ()
    assert paper.sha256 not in (tmp_path / "later" / "files.txt").read_text()
