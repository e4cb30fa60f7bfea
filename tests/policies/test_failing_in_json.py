"""What was asked for in JSON fails in JSON too: one document on standard output, exit code 1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from qitong.cli.demo import demo
from qitong.cli.policies import policies
from qitong.policies.library import PACKAGED

ON = "2026-11-23"


def failed(*words: object) -> list[dict[str, Any]]:
    """The problems, as the command says them in JSON; in lines it says the same."""
    said = CliRunner().invoke(policies, [*map(str, words), "--json"])
    assert said.exit_code == 1, said.output
    assert said.stderr == ""
    told = json.loads(said.stdout)
    assert told["ok"] is False
    plain = CliRunner().invoke(policies, [*map(str, words)])
    assert (plain.exit_code, plain.stdout) == (1, "")
    problems: list[dict[str, Any]] = told["problems"]
    assert all(problem["message"] in plain.stderr for problem in problems)
    return problems


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    file = tmp_path / "C.parquet"
    pl.DataFrame({"company_id": [1, 2], "employees": [5, 6]}).write_parquet(file)
    return file


def test_a_company_file_with_wrong_types(tmp_path: Path) -> None:
    file = tmp_path / "C.parquet"
    pl.DataFrame({"company_id": [1], "employees": ["many"], "crop": [3]}).write_parquet(file)
    found = failed("batch", "--companies", file, "--on", ON, "--out", tmp_path / "O.parquet")
    assert [(each["file"], each["line"]) for each in found] == [(str(file), 1)] * 2
    assert failed("diff", PACKAGED, PACKAGED, "--companies", file) == found


def test_policies_that_do_not_read(tmp_path: Path, companies: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: [", encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    wanted = {"file": str(bad), "line": 2}
    on = ("--on", ON, "--out", tmp_path / "O")
    for words in (
        ("batch", "--companies", companies, "--policies", bad, *on),
        ("diff", PACKAGED, bad, "--companies", companies),
        ("compendium", "--policies", bad, *on),
    ):
        (problem,) = failed(*words)
        assert wanted.items() <= problem.items(), words


def test_a_theme_that_there_is_not(tmp_path: Path) -> None:
    (problem,) = failed("compendium", "--theme", "nonsense", "--out", tmp_path / "O.docx")
    assert "recognition" in problem["message"]


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path, companies: Path) -> None:
    out = tmp_path / "nowhere" / "O.parquet"
    (problem,) = failed("batch", "--companies", companies, "--on", ON, "--out", out)
    assert problem["message"] == f"{out}: No such file or directory"
    said = CliRunner().invoke(demo, ["companies", "--n", "3", "--out", str(out)])
    assert (said.exit_code, said.stderr) == (1, f"Error: {out}: No such file or directory\n")


def test_one_is_one(tmp_path: Path, companies: Path) -> None:
    text = (PACKAGED / "loss_carry_10y.yaml").read_text(encoding="utf-8")
    file, out = tmp_path / "loss_carry_10y.yaml", tmp_path / "one.parquet"
    file.write_text(text.replace("<= 10", "<= 9"), encoding="utf-8")
    said = CliRunner().invoke(demo, ["companies", "--n", "1", "--out", str(out)])
    assert said.output.startswith("1 company in ")
    said = CliRunner().invoke(policies, ["check", str(PACKAGED / "loss_carry_10y.yaml")])
    assert said.output == "1 policy, 9 examples, no problems.\n"
    words = ["batch", "--companies", out, "--policies", file, "--on", ON, "--out", tmp_path / "O"]
    said = CliRunner().invoke(policies, [*map(str, words)])
    assert said.output.startswith("1 policy × 1 company by polars")
    rows = {"company_id": [1, 2], "is_hi_tech": [True] * 2, "loss_age_years": [10, 9]}
    pl.DataFrame(rows).write_parquet(out)
    said = CliRunner().invoke(
        policies, ["diff", str(PACKAGED / file.name), str(file), "--companies", str(out)]
    )
    assert "loss_carry_10y: 0 gain, 1 loses, 0 become unknown; 0 → 0 yuan" in said.output
