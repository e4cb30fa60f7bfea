"""What the database says of the machine: the same whichever process is asked. Each query has its index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

from qitong.automation.health import problems
from qitong.automation.models import NightlyRun
from qitong.ledger.models import Checkpoint, Entry
from qitong.server.backups.make import STREAM
from qitong.server.health import WORKER_SILENT_SECONDS, unapplied
from qitong.server.watch.exposition import Family, gauge, one

_JOBS = """
SELECT task_name, status::text, count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') GROUP BY 1, 2
UNION ALL SELECT task_name, 'failed', count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1
"""
_OLDEST = """
SELECT extract(epoch FROM now() - max(at)) FROM procrastinate_events WHERE job_id = (
    SELECT id FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1)
"""
_STALLED = """
SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND coalesce(w.last_heartbeat < now() - make_interval(secs => %s), true)
"""
_WORKERS = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
)
_DELIVERIES = """
SELECT state, channel, count(*) FROM notifications_delivery WHERE state IN ('pending', 'failed') GROUP BY 1, 2
UNION ALL SELECT state, channel, count(*) FROM notifications_delivery WHERE state = 'dead' GROUP BY 1, 2
"""
_DUE = """
SELECT extract(epoch FROM now() - min(next_attempt_at)) FROM notifications_delivery
WHERE state IN ('pending', 'failed') AND next_attempt_at <= now()
"""
_SCANS = """
SELECT scan, count(*) FROM datashare_document WHERE scan = 'pending' GROUP BY 1
UNION ALL SELECT scan, count(*) FROM datashare_document WHERE scan = 'infected' GROUP BY 1
"""
_CONNECTIONS = """
SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1
"""
_REPLICAS = "SELECT count(*) FROM pg_stat_replication"


def families(at: dt.datetime) -> Iterator[Family]:
    """Everything but the requests. Raises DatabaseError when the database cannot be reached."""
    missing = len(unapplied())
    yield one("qitong_migrations_missing", "Migrations of this program that the database lacks.", missing)
    yield from _database()
    if missing:  # the tables below may not be there yet
        return
    yield from _jobs()
    yield from _messages()
    yield from _ledger(at)
    yield from _nights(at)
    found = ((("code", problem.code),) for problem in problems(at=at))
    yield gauge("qitong_problem", "What wants somebody's attention now.", ((labels, 1) for labels in found))


def _database() -> Iterator[Family]:
    by_state = _counted(_CONNECTIONS, "state")
    yield gauge("qitong_database_connections", "Connections to this database, all machines.", by_state)
    most = _value("SELECT current_setting('max_connections')::int")
    yield one("qitong_database_connections_max", "What the server allows altogether.", most)
    yield one("qitong_database_replicas", "Replicas that follow.", _value(_REPLICAS))


def _jobs() -> Iterator[Family]:
    yield gauge("qitong_jobs", "Jobs that wait, run or failed.", _counted(_JOBS, "task", "state"))
    yield one(
        "qitong_jobs_oldest_seconds", "How long the job has waited that is due first.", _value(_OLDEST, 0)
    )
    stalled = _value(_STALLED, 0, WORKER_SILENT_SECONDS)
    yield one("qitong_jobs_stalled", "Jobs whose worker is silent.", stalled)
    alive = _value(_WORKERS, 0, WORKER_SILENT_SECONDS)
    yield one("qitong_workers", "Workers that have shown a sign of life.", alive)


def _messages() -> Iterator[Family]:
    counted = _counted(_DELIVERIES, "state", "channel")
    yield gauge("qitong_deliveries", "Messages not brought to their channel.", counted)
    yield one("qitong_deliveries_oldest_seconds", "How long the oldest due message waits.", _value(_DUE, 0))
    yield gauge("qitong_documents", "Files in quarantine.", _counted(_SCANS, "scan"))


def _ledger(at: dt.datetime) -> Iterator[Family]:
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    yield one("qitong_ledger_last_entry", "Id of the newest ledger entry; ids may have gaps.", last or 0)
    sealed = Checkpoint.objects.order_by("-number").first()
    yield one(
        "qitong_ledger_entries", "Entries under the last checkpoint.", sealed.entries if sealed else None
    )
    age = (at - sealed.at).total_seconds() if sealed else None
    yield one("qitong_ledger_checkpoint_age_seconds", "Age of the last checkpoint.", age)
    made = Entry.objects.filter(stream=STREAM, kind="backup.made").order_by("-number").first()
    since = (at - made.at).total_seconds() if made else None
    yield one("qitong_backup_age_seconds", "Age of the last backup; none: never made.", since)


def _nights(at: dt.datetime) -> Iterator[Family]:
    done = NightlyRun.objects.filter(finished_at__isnull=False).order_by("name", "-day").distinct("name")
    runs = [((("task", run.name),), run) for run in done]
    well = [(labels, int(bool(run.well))) for labels, run in runs]
    yield gauge("qitong_nightly_well", "Whether the last night found all in order.", well)
    ages = [(labels, (at - run.finished_at).total_seconds()) for labels, run in runs if run.finished_at]
    yield gauge("qitong_nightly_age_seconds", "How long ago each was finished.", ages)
    found = [(labels, run.found) for labels, run in runs]
    yield gauge("qitong_nightly_found", "What was not as it should be: breaks, differences.", found)


def _counted(sql: str, *labels: str) -> list[tuple[tuple[tuple[str, str], ...], int]]:
    """Rows of label values and a count."""
    return [(tuple(zip(labels, row[:-1], strict=True)), row[-1]) for row in _rows(sql)]


def _value(sql: str, default: float | None = None, *args: Any) -> float | None:
    [row] = _rows(sql, *args) or [(None,)]
    return default if row[0] is None else float(row[0])


def _rows(sql: str, *args: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args or None)
        return list(cursor.fetchall())
