from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from qitong.policies.engines import databases
from qitong.server.database import database_url
from tests.policies.engines.agreement import Batch, Said

Ask = Callable[[Batch], list[list[Said]]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Postgres]:
    """Only temporary tables are made, so no database of its own is needed."""
    with psycopg.connect(database_url(), autocommit=True) as connection:
        yield databases.Postgres(connection)


@pytest.fixture(scope="session")
def clickhouse() -> Iterator[databases.ClickHouse]:
    with databases.clickhouse() as opened:
        yield opened


@pytest.fixture(params=["polars", "postgres", "clickhouse"])
def ask(
    request: pytest.FixtureRequest, postgres: databases.Postgres, clickhouse: databases.ClickHouse
) -> Ask:
    """Each engine in turn that answers in bulk."""
    ways: dict[str, Ask] = {
        "polars": Batch.by_polars,
        "postgres": lambda batch: batch.by_database(postgres),
        "clickhouse": lambda batch: batch.by_database(clickhouse),
    }
    return ways[request.param]
