"""Django's PostgreSQL, found (and, when embedded, started) by the first connection and not before.

So ``--help``, type checks and ``makemigrations`` need no running server.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from qitong.server.database import database_url, settings_from


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        found = settings_from(database_url())
        for key in ("USER", "PASSWORD", "HOST", "PORT"):
            self.settings_dict[key] = found[key]
        if self.settings_dict["NAME"] == "":  # tests name a database of their own; None means "postgres"
            self.settings_dict["NAME"] = found["NAME"]
        self.settings_dict["OPTIONS"] = {**found["OPTIONS"], **self.settings_dict["OPTIONS"]}
        return super().get_connection_params()
