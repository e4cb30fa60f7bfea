"""The made-up companies: the same seed the same bytes, every input, gaps, and numbers that go together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from qitong.demo.population import write
from qitong.policies.check import packaged
from qitong.policies.engines.companies import read


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("population") / "C.parquet"
    write(made, 20_000, seed=1)
    return made


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(file: Path, tmp_path: Path) -> None:
    for name, seed in (("same", 1), ("other", 2)):
        write(tmp_path / name, 20_000, seed=seed)
    assert (tmp_path / "same").read_bytes() == file.read_bytes()
    assert (tmp_path / "other").read_bytes() != file.read_bytes()


def test_more_companies_begin_with_the_same_ones(file: Path, tmp_path: Path) -> None:
    write(tmp_path / "few", 100, seed=1)
    assert pl.read_parquet(tmp_path / "few").equals(pl.read_parquet(file).head(100))


def test_every_input_of_every_policy_is_there_and_fits(file: Path) -> None:
    frame = read(file, packaged().fields)
    assert {name for entry in packaged().entries.values() for name in entry.rule.fields} <= set(frame.columns)


def test_facts_are_missing_as_often_as_people_do_not_know_them(file: Path) -> None:
    frame = pl.read_parquet(file)
    gaps = {name: frame[name].null_count() / len(frame) for name in ("industry_code", "rd_last", "key_field")}
    assert gaps["industry_code"] < 0.02
    assert 0.15 < gaps["rd_last"] < 0.25
    assert gaps["key_field"] > 0.8


def test_numbers_go_together(file: Path) -> None:
    frame = pl.read_parquet(file)
    software, catering = (frame.filter(pl.col("industry_code") == code) for code in ("I6513", "H6210"))
    assert _mean(software, "rd_ratio") > 0.02
    assert _mean(catering, "rd_ratio") < 0.001
    assert _median(software, "revenue_last") > _median(catering, "revenue_last")
    large, small = frame.filter(pl.col("employees") > 300), frame.filter(pl.col("employees") < 20)
    assert _median(large, "revenue_last") > 20 * _median(small, "revenue_last")
    assert 0.001 < len(large) / len(frame) < 0.05
    share = (frame["rd_last"] / frame["revenue_last"] - frame["rd_ratio"]).abs()
    assert share.drop_nulls().quantile(0.99, "nearest") == pytest.approx(0, abs=0.01)
    assert (frame["registered_on"].drop_nulls() <= dt.date(2026, 11, 23)).all()


def test_facts_that_exclude_or_mean_each_other_do(file: Path) -> None:
    """Nobody pays VAT in both ways, has more exported than there is, or has one fact under two values."""
    frame, c = pl.read_parquet(file), pl.col
    assert frame.filter(c("small_scale") == c("general_taxpayer")).is_empty()
    for part, whole in (
        ("export_input_vat_yuan", "deductible_input_vat_yuan"),
        ("other_reduction_share", "tax_on_first_200wan"),
        ("hitech_income_last", "total_income_last"),
    ):
        assert frame.filter(c(part) > c(whole)).is_empty(), part
    for name, spec in packaged().fields.items():
        if spec.same_as and not spec.opposite:
            assert frame.filter(c(name) != c(spec.same_as)).is_empty(), name
    assert frame.filter(c("segment_years") * 12 > c("months_since_registration")).is_empty()


def test_titles_follow_what_earns_them(file: Path) -> None:
    frame = pl.read_parquet(file)
    for title, least in (("is_hi_tech", 0.03), ("is_tech_sme", 0.02), ("is_srdi", 0.03)):
        held = frame.filter(title)["rd_ratio"].drop_nulls()
        assert held.len() > 50
        assert held.min() == pytest.approx(least, abs=0.001), title
        assert len(held) < 0.9 * len(frame.filter(pl.col("rd_ratio") >= least)), "not by all who could"
    assert frame["small_low_profit"].mean() == pytest.approx(0.9, abs=0.05)


def _mean(frame: pl.DataFrame, name: str) -> float:
    found = frame[name].mean()
    assert isinstance(found, float)
    return found


def _median(frame: pl.DataFrame, name: str) -> float:
    found = frame[name].median()
    assert isinstance(found, float)
    return found
