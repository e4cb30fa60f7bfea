"""PostgreSQL's own client on whichever database is in use."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from qitong.server import database


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Everything after psql goes to it verbatim: qitong psql -c 'select 1'.

    An embedded database that is not running is started for as long as psql runs.
    """
    program = str(database.client("psql"))
    running = not database.is_embedded() or database.is_running(database.data_dir())
    command = [program, "--dbname", database.database_url(), *arguments]
    sys.stdout.flush()
    if running:  # somebody else keeps the database: become psql, so that terminal and signals are its own
        os.execv(program, command)  # noqa: S606
    raise SystemExit(subprocess.call(command))
