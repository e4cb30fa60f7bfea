"""Jobs of workers that died: put back into the queue, for another worker to do again.

Procrastinate's own statement, run on Django's connection: its asynchronous method would open another
connection, in a thread that nobody closes.
"""

from __future__ import annotations

import datetime as dt
import logging

from procrastinate import sql
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

SILENT_SECONDS = 15.0  # three missed heartbeats, see PROCRASTINATE_WORKER_DEFAULTS
logger = logging.getLogger(__name__)


def retry(*, at: dt.datetime) -> None:
    """Put back every job whose worker is silent.

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
            app.job_manager.retry_job_by_id(job["id"], retry_at=at)
        except ConnectorException as error:  # it ended, or another worker was quicker
            logger.info("job %s is not put back: %s", job["id"], error)
        else:
            logger.warning("job %s (%s) is put back: its worker is silent", job["id"], job["task_name"])
