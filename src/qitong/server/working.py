"""Procrastinate's worker, on an app of its own.

A worker needs a connector with a pool and LISTEN, which Django's cannot give. Replacing the connector of
the Django app, as its documentation shows, would send every job that *another job* defers through that
pool too: outside the transaction of the fact it follows from. So the worker gets a second app with the
same tasks; the tasks stay bound to the first and defer through Django's connection.
"""

from __future__ import annotations

from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector

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
    app.periodic_registry = django_app.periodic_registry
    return app


def work(*, concurrency: int, once: bool = False, name: str = "worker") -> None:
    """Run jobs until SIGTERM or SIGINT, or (``once``) until none is waiting."""
    worker_app().run_worker(
        concurrency=concurrency, wait=not once, name=name, shutdown_graceful_timeout=SHUTDOWN_SECONDS
    )
