"""What got stuck, and what the administrator does about it: try again, or give up for a reason."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import ConnectorException

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.automation.models import Trouble
from qitong.automation.stalled import SILENT_SECONDS, STREAM
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record

LATE = dt.timedelta(minutes=30)
"""From when something that should take seconds is waiting too long."""


def failed() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(status="failed")


def late(at: dt.datetime) -> QuerySet[ProcrastinateJob]:
    """Jobs that have been due too long, and those whose worker is silent."""
    silent = at - dt.timedelta(seconds=SILENT_SECONDS)
    alive = ProcrastinateWorker.objects.filter(pk=OuterRef("worker_id"), last_heartbeat__gte=silent)
    since = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), at__lt=at - LATE)
    waiting = Q(status="todo") & (Q(scheduled_at=None) & Exists(since) | Q(scheduled_at__lt=at - LATE))
    return ProcrastinateJob.objects.filter(waiting | Q(status="doing") & ~Exists(alive))


def troubles(jobs: list[ProcrastinateJob]) -> dict[int, Trouble]:
    """What is known of these jobs, by their ids; one query."""
    return Trouble.objects.in_bulk([job.pk for job in jobs])


@transaction.atomic
def retry(*, job_id: int, by: Actor, at: dt.datetime) -> None:
    """Let a failed job be done once more."""
    require_allowed(by, Deed.OPERATE)
    job = _failed(job_id)
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job.pk, retry_at=at)
    except ConnectorException as error:
        raise Refused(say("同样的任务已在等待，不必重试。"), code="waiting") from error
    Trouble.objects.filter(job=job.pk).update(stalls=0, at=at)
    record(STREAM, "job.retried", by=by.ref, at=at, body={"job": job.pk, "task": job.task_name})


@transaction.atomic
def discard(*, job_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Give a failed job up; what it would have done is not done."""
    require_allowed(by, Deed.OPERATE)
    job = _failed(job_id)
    why = require(reason, field="reason", what=say("理由"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s", [job.pk])
    body = {"job": job.pk, "task": job.task_name}
    record(STREAM, "job.discarded", by=by.ref, at=at, body=body, personal={"reason": why})


def note(*, job_id: int, error: str, at: dt.datetime) -> None:
    """Keep what a try of a job raised, for whoever looks at it once it has failed."""
    said = error[:500].replace("\0", "")
    Trouble.objects.update_or_create(job=job_id, defaults={"error": said, "at": at})


def forget_what_is_gone() -> int:
    """Troubles of jobs that were cleared away; how many."""
    there = ProcrastinateJob.objects.filter(pk=OuterRef("job"), status__in=["todo", "doing", "failed"])
    return Trouble.objects.filter(~Exists(there)).delete()[0]


def _failed(job_id: int) -> ProcrastinateJob:
    """The job, locked against a second click."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [job_id])
    job = failed().filter(pk=job_id).first()
    if job is None:
        raise Refused(say("这项任务已不在失败之列，可能已被重试。"), code="not_failed")
    return job
