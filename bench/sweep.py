"""The sweep over cases that are all open, with nothing due and with many due: ``python -m bench.sweep``."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql

from bench import store
from bench.measure import Line, line, main

ROUNDS = 3
MOST_DUE_S, MOST_QUIET_S = 5.0, 0.2


def measure(cases: int) -> list[Line]:
    from qitong.accounts.actors import Actor
    from qitong.casework import sweep

    at = _moment()
    quiet, busy, raised = [], [], 0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        if sweep.run(by=Actor.system("sweep"), at=at):
            raise SystemExit("something was due where nothing should be")
        quiet.append(time.perf_counter() - begun)
        with _undone():
            begun = time.perf_counter()
            raised = len(sweep.run(by=Actor.system("sweep"), at=store.next_morning(at)))
            busy.append(time.perf_counter() - begun)
    return [
        line("sweep, nothing due", cases, quiet, "s", most=MOST_QUIET_S),
        line("sweep, many due", cases, busy, "s", most=MOST_DUE_S, note=f"{raised:,} reminders"),
    ]


def _moment() -> dt.datetime:
    from qitong.ledger.models import Checkpoint

    return Checkpoint.objects.latest("number").at


@contextmanager
def _undone() -> Iterator[None]:
    """Afterwards alarms, reminders and what follows are as before; what the ledger has it keeps."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("casework_case", "casework_task"):
            kept = sql.SQL(
                "CREATE TEMPORARY TABLE {was} AS SELECT id, next_alarm_at FROM {table}"
                " WHERE next_alarm_at <= %s"
            )
            cursor.execute(kept.format(**_names(table)), [store.next_morning(_moment())])
        cursor.execute("SELECT coalesce(max(id), 0) FROM casework_reminder")
        (last,) = cursor.fetchone()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casework_reminder WHERE id > %s", [last])
        cursor.execute("DELETE FROM automation_stale")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        for table in ("casework_case", "casework_task"):
            put_back = sql.SQL(
                "UPDATE {table} t SET next_alarm_at = w.next_alarm_at FROM {was} w WHERE w.id = t.id"
            )
            cursor.execute(put_back.format(**_names(table)))
            cursor.execute(sql.SQL("DROP TABLE {was}").format(**_names(table)))


def _names(table: str) -> dict[str, sql.Identifier]:
    return {"table": sql.Identifier(table), "was": sql.Identifier(f"was_{table}")}


if __name__ == "__main__":
    main(measure, mix=store.SWEEP)
