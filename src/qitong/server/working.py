"""Procrastinate's worker, on an app of its own.

A worker needs a connector with a pool and LISTEN, which Django's cannot give. Replacing the connector of
the Django app, as its documentation shows, would send every job that *another job* defers through that
pool too: outside the transaction of the fact it follows from. So the worker gets a second app with the
same tasks; the tasks stay bound to the first and defer through Django's connection.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicRegistry
from procrastinate.worker import Worker

from qitong.automation import stuck
from qitong.server.watch.logs import masked, within

SHUTDOWN_SECONDS = 20.0  # running jobs may finish; what takes longer is done again by another worker


def worker_app() -> App:
    """The app that fetches and runs jobs; settings and models must be ready."""
    connector = django_app.connector
    if not isinstance(connector, DjangoConnector):
        raise SystemExit("the worker needs the app of procrastinate.contrib.django")
    django_app.perform_import_paths()  # type: ignore[no-untyped-call]  # procrastinate left it untyped
    app = App(
        connector=connector.get_worker_connector(),
        worker_defaults=django_app.worker_defaults,
        periodic_defaults=django_app.periodic_defaults,
    )
    app.tasks = django_app.tasks
    app.worker_defaults["task_middleware"] = [*(app.worker_defaults.get("task_middleware") or ()), around]
    app.periodic_registry = _timers_of(app)
    return app


def around(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Lines in the log say in which job they were written; what a try raises is kept beside the job."""
    job = context.job
    with within(job=job.task_name, job_id=job.id, worker=worker.worker_name):
        try:
            return call_next()
        except Exception as error:
            with suppress(DatabaseError, InterfaceError):  # then it is the database that is in trouble
                connection.close()
                said = masked(f"{type(error).__name__}: {error}")
                stuck.note(job_id=job.id or 0, error=said, at=timezone.now())
            raise


def _timers_of(app: App) -> PeriodicRegistry:
    """The timers, deferring through the worker's own pool: a tick follows from no fact, and through
    Django's connection it would hold one open in a thread that nobody closes."""
    registry = PeriodicRegistry()  # type: ignore[no-untyped-call]  # procrastinate left it untyped
    for timer in django_app.periodic_registry.periodic_tasks.values():
        task = copy(timer.task)
        task.blueprint = app
        registry.register_task(
            task, cron=timer.cron, periodic_id=timer.periodic_id, configure_kwargs=timer.configure_kwargs
        )
    return registry


def work(*, concurrency: int, once: bool = False, name: str = "worker") -> None:
    """Run jobs until SIGTERM or SIGINT, or (``once``) until none is waiting."""
    worker_app().run_worker(
        concurrency=concurrency, wait=not once, name=name, shutdown_graceful_timeout=SHUTDOWN_SECONDS
    )
