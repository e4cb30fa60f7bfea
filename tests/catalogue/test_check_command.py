"""``qitong catalogue`` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.cli.catalogue import catalogue


def test_check_needs_neither_django_nor_a_database() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from qitong.cli.catalogue import catalogue\n"
        "result = CliRunner().invoke(catalogue, ['check'])\n"
        "assert result.exit_code == 0, result.output\n"
        "assert 'django' not in sys.modules and 'psycopg' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_check_ends_with_1_and_a_line_per_problem(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("schema: 1\nitems: x\n")
    result = CliRunner().invoke(catalogue, ["check", str(file)])
    assert result.exit_code == 1
    assert f"{file}:2:8: " in result.output
    result = CliRunner().invoke(catalogue, ["check", str(file), "--json"])
    assert result.exit_code == 1
    shown = json.loads(result.output)
    assert shown["ok"] is False
    assert {"file", "line", "column", "message"} == set(shown["problems"][0])


@pytest.mark.django_db
def test_load_then_show() -> None:
    run = CliRunner().invoke
    assert "28 items" in run(catalogue, ["load"]).output
    assert json.loads(run(catalogue, ["load", "--json"]).output)["items"] == 28
    assert len(run(catalogue, ["show"]).output.splitlines()) == 28
    assert json.loads(run(catalogue, ["show", "seal_filing", "--json"]).output)["lead"] == "ga"
    assert run(catalogue, ["show", "moon_landing"]).exit_code == 1
