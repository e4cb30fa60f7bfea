"""``qitong policies batch``: the same pairs on every engine, whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from qitong.cli.policies import policies
from qitong.demo import population
from qitong.policies.check import packaged
from qitong.policies.engines import batch
from qitong.policies.engines.companies import Unreadable
from qitong.policies.features import derived
from qitong.policies.logic import reference
from qitong.policies.logic.missing import missing
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.reading import value

ON = dt.date(2026, 11, 23)
COUNT = 300


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("batch") / "C.parquet"
    population.write(file, COUNT, seed=7)
    return file


def _batch(companies: Path, out: Path, *options: str) -> dict[str, Any]:
    command = [
        "batch",
        "--companies",
        str(companies),
        "--on",
        str(ON),
        "--out",
        str(out),
        "--json",
    ]
    said = CliRunner().invoke(policies, [*command, *options])
    assert said.exit_code == 0, said.output
    told: dict[str, Any] = json.loads(said.output)
    return told


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    fields, facts = packaged().fields, {}
    for name, raw in row.items():
        if name != "company_id" and raw is not None:
            facts[name] = value(fields[name], str(raw) if isinstance(raw, dt.date) else raw)
    return derived(facts, ON, replace(packaged(), as_given=True))


def test_the_pairs_are_what_the_reference_says_of_each(companies: Path, tmp_path: Path) -> None:
    told = _batch(companies, tmp_path / "O.parquet")
    found = {(c, p): (o, m) for c, p, o, m in pl.read_parquet(tmp_path / "O.parquet").iter_rows()}
    entries = packaged().in_force(ON)
    wanted = {}
    for row in pl.read_parquet(companies).iter_rows(named=True):
        facts = _facts(row)
        for entry in entries:
            outcome = reference.outcome(entry.rule, facts)
            if outcome is not Outcome.NOT_ELIGIBLE:
                trees = [entry.rule.applies, *(c.node for c in entry.rule.conditions if not c.manual)]
                asked = missing(trees, entry.rule, facts) if outcome is Outcome.UNKNOWN else ()
                wanted[row["company_id"], entry.policy.id] = (outcome.value, ",".join(asked))
    assert found == wanted
    assert len(wanted) > 1000
    assert sum(told["outcomes"].values()) == COUNT * len(entries)
    assert told["outcomes"]["not_eligible"] == COUNT * len(entries) - len(wanted)


@pytest.mark.parametrize("engine", ["postgres", "clickhouse"])
def test_every_engine_writes_the_same_pairs(companies: Path, tmp_path: Path, engine: str) -> None:
    _batch(companies, tmp_path / "polars.parquet")
    _batch(companies, tmp_path / "other.parquet", "--engine", engine)
    one, other = (
        pl.read_parquet(tmp_path / name).cast(dict.fromkeys(("policy_id", "outcome", "missing"), pl.String()))
        for name in ("polars.parquet", "other.parquet")
    )
    assert one.sort("policy_id", "company_id").equals(other.sort("policy_id", "company_id"))


@pytest.mark.parametrize("engine", ["postgres", "clickhouse"])
def test_every_engine_writes_the_same_bytes_in_the_order_of_the_file(
    companies: Path, tmp_path: Path, engine: str
) -> None:
    pl.read_parquet(companies).sample(fraction=1, shuffle=True, seed=4).write_parquet(tmp_path / "C.parquet")
    order = list(Outcome)
    for name, options in (("one", ()), ("other", ("--engine", engine))):
        told = _batch(tmp_path / "C.parquet", tmp_path / name, *options)
        assert list(told["outcomes"]) == order, "all of them, always in one order"
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_companies_may_be_named_by_text(companies: Path, tmp_path: Path) -> None:
    named = pl.read_parquet(companies).with_columns(pl.format("310{}", "company_id").alias("company_id"))
    named.write_parquet(tmp_path / "C.parquet")
    _batch(tmp_path / "C.parquet", tmp_path / "O.parquet")
    assert pl.read_parquet(tmp_path / "O.parquet")["company_id"].str.starts_with("310").all()


def test_a_wrong_file_leaves_what_was_there(companies: Path, tmp_path: Path) -> None:
    out = tmp_path / "O.parquet"
    out.write_text("before")
    broken = pl.read_parquet(companies).with_columns(pl.lit("many").alias("employees"))
    broken.write_parquet(tmp_path / "C.parquet")
    command = [
        "batch",
        "--companies",
        str(tmp_path / "C.parquet"),
        "--on",
        str(ON),
        "--out",
        str(out),
    ]
    said = CliRunner().invoke(policies, command)
    assert said.exit_code == 1
    assert "employees" in said.output
    assert out.read_text() == "before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["C.parquet", "O.parquet"]


def test_what_fails_while_it_is_written_leaves_what_was_there(
    companies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qitong.policies.engines import batch, on_polars

    out = tmp_path / "O.parquet"
    out.write_text("before")
    monkeypatch.setattr(on_polars.Spelled, "run", lambda *_: 1 / 0)
    with pytest.raises(Exception, match="division by zero"):
        batch.batch(packaged(), companies, ON, out)
    assert out.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["O.parquet"]


def test_the_file_of_companies_is_never_written_over(companies: Path) -> None:
    before = companies.read_bytes()
    with pytest.raises(Unreadable, match="请另取文件名"):
        batch.batch(packaged(), companies, ON, companies)
    assert companies.read_bytes() == before
