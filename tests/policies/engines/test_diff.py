"""``qitong policies diff``: who gains, who loses, what it costs, when one number changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from qitong.cli.policies import policies
from qitong.policies.library import PACKAGED

MATERIAL = "tech_sme"
HELD = "examples:\n  - {industry: C, in: {employees: 5, revenue_last: 5}, expect: micro}\n"


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    """Four with research and technical staff at and around the bounds of :data:`MATERIAL`."""
    columns = {
        "company_id": [1, 2, 3, 4],
        "employees": [500, 501, 520, None],
        "sales_last": [5000, 5000, 5000, 5000],
        "assets": [8000, 8000, 8000, 8000],
        "restricted_industry": [False] * 4,
        "major_violation_2y": [False] * 4,
        "abnormal_list": [False] * 4,
        "fast_track": [True] * 4,
    }
    pl.DataFrame(columns).write_parquet(tmp_path / "C.parquet")
    return tmp_path / "C.parquet"


def _edited(tmp_path: Path, old: str, new: str) -> Path:
    text = (PACKAGED / f"{MATERIAL}.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    other = tmp_path / "other" / f"{MATERIAL}.yaml"
    other.parent.mkdir(exist_ok=True)
    other.write_text(text.replace(old, new), encoding="utf-8")
    return other


def _diff(before: Path, after: Path, companies: Path) -> list[dict[str, Any]]:
    command = ["diff", str(before), str(after), "--companies", str(companies)]
    said = CliRunner().invoke(policies, [*command, "--on", "2026-11-23", "--ids", "--json"])
    assert said.exit_code == 0, said.output
    found: list[dict[str, Any]] = json.loads(said.output)
    return found


def test_a_higher_bound_gains_exactly_those_between(tmp_path: Path, companies: Path) -> None:
    before = PACKAGED / f"{MATERIAL}.yaml"
    after = _edited(tmp_path, "employees <= 500 ", "employees <= 510 ")
    (change,) = _diff(before, after, companies)
    assert (change["policy"], change["gain_ids"], change["lose_ids"]) == (MATERIAL, [2], [])
    (back,) = _diff(after, before, companies)
    assert (back["gain_ids"], back["lose_ids"]) == ([], [2])


def test_what_it_costs_is_the_sum_of_what_it_brings(tmp_path: Path, companies: Path) -> None:
    before = PACKAGED / f"{MATERIAL}.yaml"
    (change,) = _diff(before, _edited(tmp_path, 'amount: "0元"', 'amount: "2000元"'), companies)
    assert (change["gain"], change["lose"]) == (0, 0)
    assert (change["cost_before"], change["cost_after"]) == (0, 2000)


def test_the_same_policies_change_nothing(companies: Path) -> None:
    before = PACKAGED / f"{MATERIAL}.yaml"
    assert _diff(before, before, companies) == []


def test_what_only_brings_time_costs_nothing(tmp_path: Path) -> None:
    """As in the consequences shown before publishing: a deduction taken earlier is no money given."""
    text = (PACKAGED / "equipment_one_off_deduction.yaml").read_text(encoding="utf-8")
    after, file = tmp_path / "equipment_one_off_deduction.yaml", tmp_path / "C.parquet"
    after.write_text(text.replace("<= 500万元", "<= 600万元"), encoding="utf-8")
    rows = {"company_id": [1, 2], "unit_price_wan": [500, 600], "is_building": [False, False]}
    pl.DataFrame(rows).write_parquet(file)
    (change,) = _diff(PACKAGED / after.name, after, file)
    assert change["gain_ids"] == [2]
    assert (change["cost_before"], change["cost_after"]) == (0, 0)


def test_facts_count_under_the_name_they_have_as_in_batch(tmp_path: Path, companies: Path) -> None:
    """Sales said as ``revenue_last`` are not said as ``sales_last``, though both are the same fact."""
    other = pl.read_parquet(companies).rename({"sales_last": "revenue_last"})
    other.write_parquet(tmp_path / "R.parquet")
    before = tmp_path / "before"
    before.mkdir()
    for name in (MATERIAL, "srdi_sme_2022", "srdi_sme_2026"):  # together they know that both are one
        (before / f"{name}.yaml").write_text(
            (PACKAGED / f"{name}.yaml").read_text(encoding="utf-8"), encoding="utf-8"
        )
    found = _diff(before, _edited(tmp_path, "employees <= 500 ", "employees <= 510 "), tmp_path / "R.parquet")
    change = next(each for each in found if each["policy"] == MATERIAL)
    assert (change["gain_ids"], change["lose_ids"]) == ([], [])


def test_a_policy_that_only_ends_sooner_is_told(tmp_path: Path, companies: Path) -> None:
    """Who could have it by its rule is the same; that it is not in force any more is said."""
    before = PACKAGED / f"{MATERIAL}.yaml"
    after = _edited(
        tmp_path, "valid: {from: 2017-05-03, to: null}", "valid: {from: 2017-05-03, to: 2026-09-01}"
    )
    (change,) = _diff(before, after, companies)
    assert (change["gain"], change["lose"]) == (0, 0)
    assert (change["in_force_before"], change["in_force_after"]) == (True, False)
    words = ["diff", before, after, "--companies", companies, "--on", "2026-11-23"]
    said = CliRunner().invoke(policies, [*map(str, words)])
    assert said.output.endswith("; in force on 2026-11-23 in A only\n")


def test_another_size_table_changes_what_rests_on_sizes(tmp_path: Path) -> None:
    """Each side sees the companies by its own table: medium from 300 people, or from 30."""
    sides, loan = [], "startup_guaranteed_loan_micro.yaml"
    table = (PACKAGED / "sme_size.yaml").read_text(encoding="utf-8")
    for name, bounds in (("before", "[1000, 300, 20]"), ("after", "[1000, 30, 20]")):
        side = tmp_path / name
        side.mkdir()
        changed = table.replace("[1000, 300, 20]", bounds, 1)
        (side / "sme_size.yaml").write_text(changed[: changed.index("examples:")] + HELD, encoding="utf-8")
        (side / loan).write_text((PACKAGED / loan).read_text(encoding="utf-8"), encoding="utf-8")
        sides.append(side)
    rows = {
        "company_id": [1, 2],
        "industry_code": ["C3562", "C3562"],
        "employees": [100, 25],
        "revenue_last": [2000, 2000],
        "qualifying_hires_12m": [20, 20],
        "wage_arrears_or_si_debt": [False, False],
        "loan_wan": [100, 100],
        "years": [1, 1],
    }
    pl.DataFrame(rows).write_parquet(tmp_path / "C.parquet")
    (change,) = _diff(sides[0], sides[1], tmp_path / "C.parquet")
    assert (change["policy"], change["gain_ids"], change["lose_ids"]) == (loan.removesuffix(".yaml"), [], [1])
    assert _diff(sides[0], sides[0], tmp_path / "C.parquet") == []
