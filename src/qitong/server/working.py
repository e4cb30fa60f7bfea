"""Procrastinate's worker, on an app of its own.

A worker needs a connector with a pool and LISTEN, which Django's cannot give. Replacing the connector of
the Django app, as its documentation shows, would send every job that *another job* defers through that
pool too: outside the transaction of the fact it follows from. So the worker gets a second app with the
same tasks; the tasks stay bound to the first and defer through Django's connection.
"""

from __future__ import annotations

from copy import copy

from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicRegistry

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
    app.periodic_registry = _timers_of(app)
    return app


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
