"""What a worker would do with the jobs deferred so far, inside the test's own transaction."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from qitong.automation import reactions


def deferred(name: str = "automation.react") -> list[ProcrastinateJob]:
    """The waiting jobs of this name, oldest first."""
    return list(ProcrastinateJob.objects.filter(task_name=name, status="todo").order_by("pk"))


def react_to_all(at: dt.datetime) -> int:
    """Run the waiting reactions in order and take them off the queue; how many there were."""
    jobs = deferred()
    for job in jobs:
        reactions.react(job.args["entry_ids"], at=at)
    with connection.cursor() as cursor:
        ids = [job.pk for job in jobs]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = ANY(%s)", [ids])
    return len(jobs)
