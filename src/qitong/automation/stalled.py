"""Jobs of workers that died: put back into the queue, for another worker to do again.

Procrastinate's own statements, run on Django's connection: its asynchronous methods would open another
connection, in a thread that nobody closes. A job at which workers die again and again would take one
after the other with it: it is failed, and shown to the administrator.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from procrastinate import sql
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from qitong.automation.models import Trouble
from qitong.ledger.record import record

SILENT_SECONDS = 15.0  # three missed heartbeats, see PROCRASTINATE_WORKER_DEFAULTS
MOST_STALLS = 3
STREAM = "operations"
BY = "system:stalled"
logger = logging.getLogger(__name__)


def retry(*, at: dt.datetime) -> None:
    """Put back every job whose worker is silent; give up what has been put back too often.

    A worker that is only slow may finish such a job all the same: jobs do nothing twice.
    """
    silent = app.connector.get_sync_connector().execute_query_all(
        sql.queries["select_stalled_jobs_by_heartbeat"],
        queue=None,
        task_name=None,
        seconds_since_heartbeat=SILENT_SECONDS,
    )
    for job in silent:
        try:
            _put_back(job["id"], job["task_name"], at)
        except ConnectorException as error:  # it ended, or another worker was quicker
            logger.info("job %s is not put back: %s", job["id"], error)


@transaction.atomic
def _put_back(job: int, task: str, at: dt.datetime) -> None:
    Trouble.objects.get_or_create(job=job, defaults={"at": at})
    Trouble.objects.filter(job=job).update(stalls=F("stalls") + 1, at=at)
    stalls = Trouble.objects.values_list("stalls", flat=True).get(job=job)
    if stalls < MOST_STALLS:
        app.job_manager.retry_job_by_id(job, retry_at=at)
        logger.warning("job %s (%s) is put back: its worker is silent", job, task)
        return
    app.connector.get_sync_connector().execute_query(
        sql.queries["finish_job"], job_id=job, status="failed", delete_job=False
    )
    record(STREAM, "job.given_up", by=BY, at=at, body={"job": job, "task": task, "stalls": stalls})
    logger.error("job %s (%s) is given up: %s workers died doing it", job, task, stalls)
