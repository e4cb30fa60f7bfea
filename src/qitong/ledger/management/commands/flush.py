"""``flush`` empties every table. What is kept is never emptied, except in Django's own test databases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections, transaction

# Any package may refuse TRUNCATE; 32 is the bit of TRUNCATE in pg_trigger.tgtype.
_KEPT = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 <> 0"


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not str(connection.settings_dict["NAME"]).startswith("test_"):
            raise CommandError("the ledger is kept as it was written: flush is refused")
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(_KEPT)
            kept = [table for (table,) in cursor.fetchall()]
            for table in kept:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            super().handle(**options)
            for table in kept:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
