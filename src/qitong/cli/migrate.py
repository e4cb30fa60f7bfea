"""Bring the database to this version of the program."""

from __future__ import annotations

import json as jsonlib

import click

LOCK = 7_310_021  # any number, the same in every process that migrates


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when something is still to be applied.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def migrate(check: bool, as_json: bool) -> None:
    """Apply what is missing. Several processes may do it at once: one works, the others wait.

    \b
    qitong migrate            apply
    qitong migrate --check    only say
    """
    from qitong.cli import use_django

    use_django()
    from qitong.server.health import unapplied

    missing = sorted(unapplied())
    if missing and not check:
        apply()
        _read_for_search()
    if as_json:
        click.echo(jsonlib.dumps({"applied" if not check else "missing": missing}))
    else:
        verb = "missing" if check else "applied"
        click.echo(f"{len(missing)} migrations {verb}" if missing else "The database is up to date.")
    if missing and check:
        raise SystemExit(1)


def apply() -> None:
    """Apply every migration, one process at a time (an advisory lock, dropped with its session)."""
    import psycopg
    from django.core.management import call_command

    from qitong.server.database import database_url

    with psycopg.connect(database_url(), autocommit=True) as turnstile:
        turnstile.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        call_command("migrate", verbosity=0, interactive=False)


def _read_for_search() -> None:
    """Cases from before there was a search are read now; later each is read when it changes."""
    from django.utils import timezone

    from qitong.casework.indexing import first_unread, rebuild

    first = first_unread()
    if first is not None:
        for done in rebuild(at=timezone.now(), after=first - 1):
            click.echo(f"{done.cases} cases read for search", err=True)
