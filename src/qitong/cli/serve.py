"""The web pages and the API."""

from __future__ import annotations

import os

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 for every network.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1), help="Threads in each.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop; SIGTERM lets requests finish.

    \b
    qitong serve --port 8080
    DATABASE_URL=postgresql://… qitong serve --host 0.0.0.0 --workers 4
    """
    from qitong.server.database import database_url
    from qitong.server.deploy import refuse_unsafe_start
    from qitong.server.memory import few_arenas
    from qitong.server.serving import Server
    from qitong.server.watch.logs import from_environment

    refuse_unsafe_start()
    few_arenas()
    os.environ["DATABASE_URL"] = database_url()  # the processes below use ours, none starts its own
    Server(
        bind=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        worker_class="gthread",
        preload_app=True,
        workers=workers,
        threads=threads,
        graceful_timeout=10,
        max_requests=5000,
        max_requests_jitter=500,
        loglevel="warning",
        logconfig_dict=from_environment(),
        control_socket_disable=True,
    ).run()
