"""A loaded notice counts from then on, for the command line too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.cli.workdays import workdays
from qitong.ledger.models import Entry

NOTICE = """\
year: 2027
notice: 国办发明电〔2026〕9号
holidays: [2027-01-01..2027-01-03 元旦, 2027-01-04 元旦]
make_up_days: [2027-01-09]
"""


@pytest.fixture
def notice(tmp_path: Path) -> str:
    file = tmp_path / "2027.yaml"
    file.write_text(NOTICE)
    return str(file)


@pytest.mark.django_db
def test_a_loaded_year_is_counted_and_no_longer_provisional(notice: str) -> None:
    add = ["add", "2026-12-31", "1", "--json"]
    before = CliRunner().invoke(workdays, [*add, "--database"])
    assert json.loads(before.stdout)["due"] == "2027-01-04"

    loaded = CliRunner().invoke(workdays, ["load", notice, "--json"])
    assert loaded.exit_code == 0, loaded.output
    assert json.loads(loaded.stdout) == {
        "year": 2027,
        "notice": "国办发明电〔2026〕9号",
        "deadlines_moved": 0,
    }

    after = json.loads(CliRunner().invoke(workdays, [*add, "--database"]).stdout)
    assert (after["due"], after["provisional"]) == ("2027-01-05", False)
    seed = json.loads(CliRunner().invoke(workdays, [*add, "--official"]).stdout)
    assert (seed["due"], seed["provisional"]) == ("2027-01-04", True)


@pytest.mark.django_db
def test_loading_is_written_to_the_ledger_by_the_system(notice: str) -> None:
    assert CliRunner().invoke(workdays, ["load", notice]).exit_code == 0
    entry = Entry.objects.get(kind="calendar_loaded")
    assert entry.by == "system:workdays"


@pytest.mark.django_db
def test_with_a_database_named_it_is_asked_without_being_told(
    notice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    CliRunner().invoke(workdays, ["load", notice])
    monkeypatch.setenv("DATABASE_URL", "postgresql://named/elsewhere")  # Django is set up already
    result = CliRunner().invoke(workdays, ["add", "2026-12-31", "1"])
    assert (result.stdout, result.stderr) == ("2027-01-05\n", "")


def test_a_database_that_does_not_answer_is_named_and_never_passed_over_in_silence() -> None:
    program = "from qitong.cli.workdays import workdays; workdays()"
    command = [sys.executable, "-c", program, "add", "2026-09-30", "7"]
    env = os.environ | {"DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"}
    asked = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (asked.returncode, asked.stdout) == (0, "2026-10-15\n")
    assert "cannot be read" in asked.stderr
    insisted = subprocess.run([*command, "--database"], capture_output=True, text=True, env=env, check=False)
    assert (insisted.returncode, insisted.stdout) == (1, "")
    assert "cannot be read" in insisted.stderr
