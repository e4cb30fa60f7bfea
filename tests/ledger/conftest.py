"""A small ledger, and what only a superuser can do to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from qitong.ledger.record import record

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)

Superuser = Callable[..., None]


def fill(stream: str, count: int) -> None:
    with transaction.atomic():
        for i in range(count):
            record(stream, "case.moved", by="user:7", at=AT + dt.timedelta(minutes=i), body={"step": i})


@pytest.fixture
def ledger(db: None) -> None:
    """Two streams of three entries each."""
    fill("case:1", 3)
    fill("case:2", 3)


@pytest.fixture
def superuser(db: None) -> Superuser:
    """Run SQL with the triggers off."""

    def run(sql: str, *params: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, params)  # type: ignore[arg-type]  # any SQL value
            cursor.execute("SET session_replication_role = DEFAULT")

    return run
