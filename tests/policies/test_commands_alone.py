"""Each command of ``qitong policies`` as people run it: in a process in which nothing was set up before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from qitong.policies.library import PACKAGED

ON = "2026-11-23"


def run(*command: object) -> str:
    program = [sys.executable, "-m", "qitong", *map(str, command)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("alone") / "C.parquet"
    run("demo", "companies", "--n", 300, "--seed", 1, "--out", file)
    return file


def test_a_batch_by_each_engine_writes_the_same_pairs(companies: Path, tmp_path: Path) -> None:
    for engine in ("polars", "postgres", "clickhouse"):
        out = tmp_path / f"{engine}.parquet"
        options = ("--policies", PACKAGED, "--on", ON, "--out", out, "--engine", engine)
        assert "300 companies" in run("policies", "batch", "--companies", companies, *options)
    one, *others = (
        sorted(pl.read_parquet(tmp_path / f"{engine}.parquet").cast(pl.String).rows())
        for engine in ("polars", "postgres", "clickhouse")
    )
    assert one
    assert all(one == other for other in others)


def test_a_diff_says_who_gains_from_a_changed_number_today(companies: Path, tmp_path: Path) -> None:
    text = (PACKAGED / "small_low_profit_cit.yaml").read_text(encoding="utf-8")
    for folder, most in (("A", 300), ("B", 200)):
        (tmp_path / folder).mkdir()
        changed = text.replace("avg_headcount <= 300", f"avg_headcount <= {most}")
        (tmp_path / folder / "small_low_profit_cit.yaml").write_text(changed, encoding="utf-8")
    assert "avg_headcount <= 300" in text
    said = run("policies", "diff", tmp_path / "A", tmp_path / "B", "--companies", companies, "--json")
    (change,) = json.loads(said)
    assert change["policy"] == "small_low_profit_cit"
    assert change["gain"] == 0
    assert change["lose"] > 0


def test_a_match_and_a_compendium_need_nothing_but_their_files(tmp_path: Path) -> None:
    (tmp_path / "F.json").write_text("{}", encoding="utf-8")
    assert "small_low_profit_cit" in run("policies", "match", "--facts", tmp_path / "F.json", "--on", ON)
    run("policies", "compendium", "--out", tmp_path / "X.docx")
    assert (tmp_path / "X.docx").stat().st_size > 10_000


def test_a_policy_by_itself_is_judged_as_among_the_others(tmp_path: Path) -> None:
    """By the packaged table of sizes; what only other policies ask for does not disturb."""
    facts = {"industry_code": "3562", "employees": 100, "revenue_last": 5000, "unit_price_wan": 1}
    facts |= {"months_paid": 12, "layoff_rate": 0.01}
    facts |= {"insured_headcount": 100, "ui_premium_last_year_yuan": 100_000}
    file = tmp_path / "F.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    name = "job_stabilisation_2026"
    common = ("policies", "match", "--facts", file, "--on", ON, "--json", "--policy", name)
    alone = json.loads(run(*common, "--policies", PACKAGED / f"{name}.yaml"))
    assert alone == json.loads(run(*common))
    assert alone[0]["benefit"] == 60_000
