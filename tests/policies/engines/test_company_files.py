"""A file of companies is read as it was written, or refused with the place of each thing that is wrong."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qitong.policies.check import packaged
from qitong.policies.engines.companies import Unreadable, read, stored, unasked

GOOD: dict[str, Any] = {"company_id": [1, 2], "employees": [10, 20]}


def _read(tmp_path: Path, columns: dict[str, Any], **options: Any) -> pl.DataFrame:
    pl.DataFrame(columns, **options).write_parquet(tmp_path / "C.parquet")
    return read(tmp_path / "C.parquet", packaged().fields)


def _problems(tmp_path: Path, columns: dict[str, Any]) -> list[str]:
    with pytest.raises(Unreadable) as wrong:
        _read(tmp_path, columns)
    assert all(str(problem).startswith(f"{tmp_path / 'C.parquet'}:") for problem in wrong.value.problems)
    return [str(problem.message) for problem in wrong.value.problems]


@pytest.mark.parametrize(
    ("column", "values", "stored"),
    [
        ("sales_last", [5000, 0], [5_000_000_000, 0]),
        ("sales_last", [0.07, 1.1], [70_000, 1_100_000]),
        ("sales_last", [99_999_999.999999, 123_456.789012], [99_999_999_999_999, 123_456_789_012]),
        ("sales_last", [Decimal("0.07"), None], [70_000, None]),
        ("sales_last", [None, None], [None, None]),
        ("vat_payable_yuan", [0.29, 1.15], [29, 115]),
        ("debt_ratio", [0.57, 1 / 4], [570_000, 250_000]),
        ("employees", [3.0, None], [3, None]),
        ("taxable_income_wan", [-0.5, 2.0], [-500_000, 2_000_000]),
    ],
)
def test_numbers_are_exactly_what_was_written(
    tmp_path: Path, column: str, values: list[Any], stored: list[int | None]
) -> None:
    frame = _read(tmp_path, {"company_id": [1, 2], column: values}, strict=False)
    assert frame[column].to_list() == stored


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"employees": [1]}, ["缺少列company_id。"]),
        ({"company_id": [1, None], "employees": [1, 2]}, ["第2行缺少company_id。"]),
        ({"company_id": [7, 8, 7]}, ["company_id重复：7（第1, 3行）。"]),
        ({"company_id": [0.5]}, ["列company_id应为整数或文本，不是Float64。"]),
        ({"company_id": ["a", ""], "employees": [1, 2]}, ["第2行缺少company_id。"]),
        ({"company_id": ["  "], "employees": [1]}, ["第1行缺少company_id。"]),
        (
            {"company_id": [5], "sales_last": pl.Series([500], dtype=pl.Int128)},
            ["列sales_last的类型Int128过宽，请用Int64、Float64或Decimal。"],
        ),
        (
            {"company_id": [5], "sales_last": pl.Series([500.000001], dtype=pl.Float32)},
            ["列sales_last的类型Float32不够精确，请用Float64、Decimal或整数。"],
        ),
        (
            {"company_id": [5], "debt_ratio": [1 / 3]},
            ["第1行（5）：debt_ratio（ratio）最多6位小数，请舍去其后的数位，写作 0.333333。"],
        ),
        (
            {**GOOD, "employes": [1, 2], "colour": ["a", "b"]},
            ["不认识列employes，是否应为employees？"],
        ),
        ({"company_id": [1], "employees": ["ten"]}, ["列employees应为数，不是String。"]),
        ({"company_id": [1], "dishonest": [0]}, ["列dishonest应为真假值，不是Int64。"]),
        ({"company_id": [1], "registered_on": ["2020-01-01"]}, ["列registered_on应为日期，不是String。"]),
        (
            {"company_id": [5, 6], "employees": [1.0, 2.5]},
            ["第2行（6）：employees（persons）最多0位小数，请舍去其后的数位，写作 2。"],
        ),
        ({"company_id": [5], "employees": [-1]}, ["第1行（5）：employees（persons）应在0至10000000之间。"]),
        (
            {"company_id": [5], "debt_ratio": [float("nan")]},
            ["第1行（5）：debt_ratio（ratio）应在0至5之间。"],
        ),
        (
            {"company_id": [5], "size": ["huge"]},
            ["第1行（5）：size没有选项“huge”，可选：large, medium, small, micro, other。"],
        ),
        (
            {"company_id": [5], "registered_on": [dt.date(1820, 1, 1)]},
            ["第1行（5）：registered_on应在1900年至2200年之间。"],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, columns: dict[str, Any], said: list[str]
) -> None:
    assert _problems(tmp_path, columns) == said


def test_all_problems_of_all_columns_are_said_at_once(tmp_path: Path) -> None:
    columns = {"company_id": [1, 2], "employees": [1, -2], "assets": [-1, 1]}
    assert len(_problems(tmp_path, columns)) == 2


def test_what_is_no_parquet_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "C.parquet"
    file.write_text("company_id,employees\n1,10\n")
    with pytest.raises(Unreadable, match="不是可读的 Parquet 文件"):
        read(file, packaged().fields)


def test_what_no_policy_asks_for_is_left_alone_and_named(tmp_path: Path) -> None:
    frame = _read(tmp_path, {**GOOD, "name": ["芦苇", "潮汐"], "colour": ["a", "b"]})
    assert frame.columns == ["company_id", "employees"]
    assert unasked(tmp_path / "C.parquet", packaged().fields) == ["name", "colour"]


def test_a_file_for_all_policies_serves_for_one(tmp_path: Path) -> None:
    fields = packaged().entries["small_low_profit_cit"].rule.fields
    pl.DataFrame({"company_id": [1], "transfer_income_wan": [5], "taxable_income_wan": [7]}).write_parquet(
        tmp_path / "C.parquet"
    )
    assert read(tmp_path / "C.parquet", fields).columns == ["company_id", "taxable_income_wan"]


def test_a_number_too_fine_is_found_in_whatever_piece_of_the_file_it_stands(tmp_path: Path) -> None:
    ratios = [0.25, None, 1 / 4, 0.57, 1 / 3, 0.1]
    frame = pl.DataFrame({"company_id": range(1, 7), "debt_ratio": ratios})
    frame.write_parquet(tmp_path / "C.parquet", row_group_size=2)
    with pytest.raises(Unreadable) as wrong:
        read(tmp_path / "C.parquet", packaged().fields)
    assert [str(problem.message)[:6] for problem in wrong.value.problems] == ["第5行（5）"]
    pl.DataFrame({"company_id": range(1, 7), "debt_ratio": [*ratios[:4], 0.3333, None]}).write_parquet(
        tmp_path / "C.parquet", row_group_size=2
    )
    stored = read(tmp_path / "C.parquet", packaged().fields)["debt_ratio"].to_list()
    assert stored == [250_000, None, 250_000, 570_000, 333_300, None]


MOST = 10**14
AMOUNTS = st.lists(st.none() | st.integers(-MOST, MOST) | st.integers(-999, 999), min_size=1)


@example([MOST, -MOST, MOST - 1, 1, 0, -1], 0)
@example([MOST - 1, None, 3], 1)
@given(AMOUNTS, st.sampled_from([-1, 0, 1]))
def test_every_amount_is_read_from_its_float_and_from_the_floats_beside_it(
    amounts: list[int | None], beside: int
) -> None:
    def typed(amount: int | None) -> float | None:
        nearest = None if amount is None else float(Decimal(amount) / 10**6)
        return nearest if nearest is None or abs(amount or 0) == MOST else _beside(nearest, beside)

    column = pl.Series("taxable_income_wan", map(typed, amounts), dtype=pl.Float64)
    frame = pl.DataFrame({"company_id": range(len(amounts)), "taxable_income_wan": column})
    assert stored(frame, packaged().fields)["taxable_income_wan"].to_list() == amounts


def _beside(number: float, places: int) -> float:
    return math.nextafter(number, math.inf * places) if places and number else number
