"""Without privileges the ledger cannot be changed."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection

from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.models import Entry
from qitong.ledger.record import record
from tests.ledger.conftest import AT, fill


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entry SET kind = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_checkpoint SET streams = 0",
        "DELETE FROM ledger_checkpoint",
        "TRUNCATE ledger_checkpoint CASCADE",
        "UPDATE ledger_checkpoint_head SET number = 1",
        "DELETE FROM ledger_checkpoint_head",
        "TRUNCATE ledger_checkpoint_head",
        "DELETE FROM ledger_head",
        "TRUNCATE ledger_head",
        "UPDATE ledger_head SET number = number - 1",
        "UPDATE ledger_head SET hash = ''",
        "UPDATE ledger_head SET stream = 'case:9', number = 9",
        "UPDATE ledger_text SET text = 'x'",
        "TRUNCATE ledger_text CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_was_written(ledger: None, sql: str) -> None:
    record("user:1", "user.registered", by="user:1", at=AT, body={}, personal={"phone": "138"})
    checkpoint(by="system:nightly", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="ledger"):
            cursor.execute(sql)


def test_a_head_may_move_forward(ledger: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_head SET number = number + 2 WHERE stream = 'case:1'")
        assert cursor.rowcount == 1


def test_a_flush_outside_a_test_database_is_refused(ledger: None) -> None:
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "qitong"
    try:
        with pytest.raises(CommandError, match="refused"):
            call_command("flush", interactive=False)
    finally:
        connection.settings_dict["NAME"] = name
    assert Entry.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_test_database_is_flushed_and_guarded_again() -> None:
    fill("case:1", 2)
    # Keys are never given out twice, and what is kept by them holds for other tests, too.
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
    assert not Entry.objects.exists()
    fill("case:1", 1)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="ledger"):
        cursor.execute("TRUNCATE ledger_entry CASCADE")
