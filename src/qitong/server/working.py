"""Procrastinate's worker, on an app of its own.

A worker needs a connector with a pool and LISTEN, which Django's cannot give. Replacing the connector of
the Django app, as its documentation shows, would send every job that *another job* defers through that
pool too: outside the transaction of the fact it follows from. So the worker gets a second app with the
same tasks; the tasks stay bound to the first and defer through Django's connection.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.periodic import PeriodicRegistry
from procrastinate.worker import Worker

from qitong.automation import stuck
from qitong.server.watch.logs import masked, within

AGAIN_SECONDS = 2.0  # between looking for a database that went away
SHUTDOWN_SECONDS = 20.0  # running jobs may finish; what takes longer is done again by another worker
logger = logging.getLogger(__name__)


def worker_app() -> App:
    """The app that fetches and runs jobs; settings and models must be ready."""
    connector = django_app.connector
    if not isinstance(connector, DjangoConnector):
        raise SystemExit("the worker needs the app of procrastinate.contrib.django")
    django_app.perform_import_paths()  # type: ignore[no-untyped-call]  # procrastinate left it untyped
    app = App(
        connector=connector.get_worker_connector(),
        worker_defaults={
            **django_app.worker_defaults,
            "task_middleware": [*(django_app.worker_defaults.get("task_middleware") or ()), around],
        },
        periodic_defaults=django_app.periodic_defaults,
    )
    app.tasks = django_app.tasks
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
    """Run jobs until SIGTERM or SIGINT, or (``once``) until none is waiting.

    When the database goes away, the worker waits for it, or for the one that takes its place: what it was
    doing is done again by whoever is quicker.
    """
    if once:
        worker_app().run_worker(concurrency=concurrency, wait=False, name=name)
        return
    while not asyncio.run(_until_told(concurrency, name)):
        time.sleep(AGAIN_SECONDS)


async def _until_told(concurrency: int, name: str) -> bool:
    """Whether it ended because it was told to; else the database was lost."""
    told = asyncio.Event()
    app = worker_app()
    try:
        async with app.open_async():
            running = asyncio.create_task(
                app.run_worker_async(
                    concurrency=concurrency,
                    name=name,
                    shutdown_graceful_timeout=SHUTDOWN_SECONDS,
                    install_signal_handlers=False,
                )
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, _tell, told, running)
            await running
    except asyncio.CancelledError:
        if not told.is_set():
            raise
    except (ConnectorException, psycopg.Error, OSError) as error:
        logger.error("worker %s lost the database and waits for it: %s", name, masked(str(error)))
    return told.is_set()


def _tell(told: asyncio.Event, running: asyncio.Task[None]) -> None:
    told.set()
    running.cancel()
