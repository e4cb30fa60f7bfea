"""A job that defers another does so in its own transaction, also inside a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from qitong.server.working import work, worker_app
from tests.server.processes import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tasks() -> Iterator[None]:
    @app.task(name="test.follow")
    def follow() -> None: ...

    @app.task(name="test.deed")
    def deed(fails: bool) -> None:
        with transaction.atomic():
            follow.defer()
            if fails:
                raise RuntimeError("the deed did not happen")

    yield
    for name in ("test.follow", "test.deed"):
        del app.tasks[name]


def statuses(name: str, *, after: int) -> list[str]:
    """How the jobs of this name ended, those of earlier tests left out."""
    found = ProcrastinateJob.objects.filter(task_name=name, pk__gt=after)
    return list(found.values_list("status", flat=True))


def test_what_follows_from_a_deed_is_done(tasks: None) -> None:
    deed = app.configure_task("test.deed").defer(fails=False)
    work(concurrency=1, once=True)
    assert ProcrastinateJob.objects.get(pk=deed).status == "succeeded"
    assert statuses("test.follow", after=deed) == ["succeeded"]


def test_nothing_follows_from_a_deed_that_failed(tasks: None) -> None:
    deed = app.configure_task("test.deed").defer(fails=True)
    work(concurrency=1, once=True)
    assert ProcrastinateJob.objects.get(pk=deed).status == "failed"
    assert statuses("test.follow", after=deed) == []


def test_ticks_are_deferred_through_the_workers_own_connections() -> None:
    app_of_worker = worker_app()
    timers = app_of_worker.periodic_registry.periodic_tasks.values()
    assert {timer.task.name for timer in timers} >= {"time.sweep", "time.retry_stalled"}
    assert all(timer.task.blueprint is app_of_worker for timer in timers)


def others() -> int:
    """Connections to this database besides ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [found] = cursor.fetchone() or (0,)
    return int(found)


def test_a_worker_leaves_no_connection_behind() -> None:
    work(concurrency=1, once=True)
    until(lambda: others() == 0, "its connections to be closed")
