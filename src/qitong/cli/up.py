"""Everything on this machine, by one command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable

import click

from qitong.cli import main


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Web processes.")
@click.option("--demo/--no-demo", default=True, show_default=True, help="Play the demo stories once.")
@click.option("--prepare", is_flag=True, help="Only prepare the database, then end.")
def up(host: str, port: int, workers: int, demo: bool, prepare: bool) -> None:
    """Start the database, bring it up to date, then serve web and worker until Ctrl-C.

    \b
    qitong up
    qitong up --port 8080 --no-demo
    DATABASE_URL=postgresql://user:pw@host/db qitong up
    """
    signal.signal(signal.SIGTERM, _leave)  # until the supervisor listens: leave by the front door
    signal.signal(signal.SIGHUP, _leave)
    if not prepare:
        _refuse_if_taken(host, port)
        from qitong.server.deploy import refuse_unsafe_start

        refuse_unsafe_start()
    accounts = _prepare(demo=demo)
    if not prepare:
        raise SystemExit(_serve(host, port, workers, accounts))


def _prepare(*, demo: bool) -> str:
    """Bring the database up to date; returns what ``qitong demo`` said of the people who may sign in."""
    from qitong.server.database import database_url

    click.echo("Database …", err=True)
    os.environ["DATABASE_URL"] = database_url()
    _run("migrate")
    said = io.StringIO()
    if demo:
        with contextlib.redirect_stdout(said):
            _demo()
    _run("catalogue", "load")  # after the demo, whose stories need the catalogue in force since they began
    _run("policies", "load")
    from django.db import connections

    connections.close_all()
    return said.getvalue()


def _demo() -> None:
    """A system where the demo is refused comes up without it, and says why."""
    try:
        _run("demo")
    except click.ClickException as refused:
        click.echo(f"No demo: {refused.message}", err=True)


def _run(*command: str) -> None:
    if command[0] in main.list_commands(click.Context(main)):
        main.main(args=list(command), prog_name="qitong", standalone_mode=False)


def _serve(host: str, port: int, workers: int, accounts: str) -> int:
    from qitong.server.supervisor import Child, Supervisor

    program = [sys.executable, "-m", "qitong"]
    serving = ["serve", "--host", host, "--port", str(port), "--workers", str(workers)]
    children = [Child("web", [*program, *serving]), Child("worker", [*program, "worker"])]
    return Supervisor(children, os.environ).run(_announcer(f"http://{host}:{port}", accounts))


def _announcer(address: str, accounts: str) -> Callable[[], None]:
    """Says once, when all is well, where everything is."""
    state = {"said": False, "next": 0.0}

    def each_second() -> None:
        if state["said"] or time.monotonic() < state["next"]:
            return
        state["next"] = time.monotonic() + 0.3
        if _is_well(address):
            state["said"] = True
            lines = ["", f"Qitong 企通 is ready: {address}", *accounts.splitlines()]
            click.echo("\n".join([*lines, "Ctrl-C ends it; the data stays."]))
            sys.stdout.flush()

    return each_second


def _is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310  our own address
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError):  # not there yet, or not well yet
        return False


def _refuse_if_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} is not free ({error.strerror}); choose another PORT"
            ) from None


def _leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)
