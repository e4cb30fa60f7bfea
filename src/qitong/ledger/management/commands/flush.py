"""``flush`` empties every table. The ledger is never emptied, except in Django's own test databases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections, transaction

GUARDED = ("ledger_entry", "ledger_checkpoint", "ledger_checkpoint_head", "ledger_head", "ledger_text")


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not str(connection.settings_dict["NAME"]).startswith("test_"):
            raise CommandError("the ledger is kept as it was written: flush is refused")
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            super().handle(**options)
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
