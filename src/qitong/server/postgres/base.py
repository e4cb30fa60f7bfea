"""Django's PostgreSQL, found (and, when embedded, started) by the first connection and not before.

So ``--help``, type checks and ``makemigrations`` need no running server.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, operations
from psycopg.pq import TransactionStatus

from qitong.server.database import database_url, settings_from

_SET = "SET max_parallel_workers_per_gather = 0; SET jit = off"


def _silent(line: int) -> bool:
    """Nothing came in, not even its end."""
    looking = select.poll()
    looking.register(line, select.POLLIN | select.POLLPRI)
    return not looking.poll(0)


class _Prepared(base.ServerBindingCursor):
    """Its statements are kept by the server, parsed and in time planned, and told only their values."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=True)  # type: ignore[misc]  # stubs know psycopg 2


class Operations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """For whoever counts queries; of a prepared statement its text, with a place for each value."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations
    _prepares = False

    def get_connection_params(self) -> dict[str, Any]:
        found = settings_from(database_url())
        for key in ("USER", "PASSWORD", "HOST", "PORT"):
            self.settings_dict[key] = found[key]
        if self.settings_dict["NAME"] == "":  # tests name a database of their own; None means "postgres"
            self.settings_dict["NAME"] = found["NAME"]
        self.settings_dict["OPTIONS"] = {**found["OPTIONS"], **self.settings_dict["OPTIONS"]}
        return super().get_connection_params()

    def init_connection_state(self) -> None:
        """Pages and moves ask small questions: a second process to answer one takes longer than the answer.

        Set here, not as the connection begins, which a pooler in between may refuse.
        """
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute(_SET)

    def is_usable(self) -> bool:
        """Asked before every request. On a line at rest nobody speaks: what can be read is its end, or news.

        So there is nothing to ask the server as long as it is silent; of one that vanished without a farewell
        the system ends the line itself (``LIVELY``).
        """
        known = self.connection
        at_rest = known is not None and known.info.transaction_status == TransactionStatus.IDLE
        return (at_rest and _silent(known.fileno())) or super().is_usable()

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """What is asked within is a prepared statement: for few texts that are asked again and again."""
        before, self._prepares = self._prepares, settings.PREPARED_STATEMENTS
        try:
            yield
        finally:
            self._prepares = before

    def create_cursor(self, name: str | None = None) -> Any:
        if name or not self._prepares:
            return super().create_cursor(name)
        usual, self.connection.cursor_factory = self.connection.cursor_factory, _Prepared
        try:
            return super().create_cursor()
        finally:
            self.connection.cursor_factory = usual
