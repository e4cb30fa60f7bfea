"""A backup goes where it was told to go, or says in a sentence why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.cli.backup import backup


@pytest.mark.parametrize("nothing", ["", " "])
def test_no_name_is_not_the_folder_one_is_in(
    nothing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(backup, [nothing])
    assert (done.exit_code, "name a folder" in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("/dev/null", "/dev/null is no folder; name another"),
        ("/dev/null/here", "/dev/null/here: Not a directory"),
    ],
)
def test_what_cannot_be_a_folder_is_said_in_words(folder: str, said: str) -> None:
    done = CliRunner().invoke(backup, [folder])
    assert (done.exit_code, done.output) == (1, f"Error: {said}\n")
