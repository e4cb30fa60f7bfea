"""ClickHouse within this process: several at a time, each with facts of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from qitong.policies.engines import databases
from qitong.policies.engines.plan import Is


def _companies(count: int) -> pl.DataFrame:
    return pl.DataFrame({"company_id": range(count), "employees": range(count)})


def _load(database: databases.ClickHouse, count: int) -> None:
    database.load(_companies(count), {"employees": Is.NUMBER})


def _count(database: databases.ClickHouse) -> int:
    asked = f"SELECT count() AS n FROM {databases.TABLE}"  # noqa: S608  a constant
    return int(database.ask(asked, {"n": pl.Int64})["n"][0])


def _databases(database: databases.ClickHouse) -> list[str]:
    return database.ask("SELECT name FROM system.databases", {"name": pl.String})["name"].to_list()


@pytest.fixture
def first() -> Iterator[databases.ClickHouse]:
    with databases.clickhouse() as opened:
        _load(opened, 2)
        yield opened


def test_a_second_does_not_wait_for_the_first_to_end_nor_see_its_facts(first: databases.ClickHouse) -> None:
    with databases.clickhouse() as second:
        _load(second, 5)
        assert (_count(first), _count(second)) == (2, 5)
    assert _count(first) == 2


def test_one_that_has_ended_leaves_nothing_to_the_next(first: databases.ClickHouse) -> None:
    with databases.clickhouse() as ended:
        (name,) = ended.ask("SELECT currentDatabase() AS name", {"name": pl.String})["name"]
        assert name in _databases(first)
    assert name not in _databases(first)


def test_threads_have_one_each(first: databases.ClickHouse) -> None:
    def alone(count: int) -> int:
        with databases.clickhouse() as opened:
            _load(opened, count)
            return _count(opened)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(alone, range(1, 7))) == list(range(1, 7))
    assert _count(first) == 2
