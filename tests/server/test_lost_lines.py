"""A line to the database that has ended is noticed as a request begins; of one that has not, nobody asks."""

from __future__ import annotations

import psycopg
import pytest
from django.core.signals import request_started
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


def ends(pid: int) -> None:
    """As when the server starts anew, or an administrator ends the process; returns once it has ended."""
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def asked_by(pid: int) -> str:
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        row = other.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()
    return str(row and row[0])


def test_what_has_ended_is_replaced_before_anything_is_asked() -> None:
    before = process()
    ends(before)
    assert not connection.is_usable()
    request_started.send(None)
    assert process() != before


def test_a_line_at_rest_is_usable_without_a_question() -> None:
    pid = process()
    assert connection.is_usable()
    assert asked_by(pid) == "SELECT pg_backend_pid()"


def test_in_the_middle_of_what_has_failed_it_is_not_usable() -> None:
    connection.set_autocommit(False)
    try:
        with pytest.raises(Exception, match="division by zero"):
            connection.cursor().execute("SELECT 1/0")
        assert not connection.is_usable()
    finally:
        connection.rollback()
        connection.set_autocommit(True)
