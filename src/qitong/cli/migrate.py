"""Bring the database to this version of the program."""

from __future__ import annotations

import json as jsonlib

import click


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
    from qitong.server.migrating import apply

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


def _read_for_search() -> None:
    """Cases from before there was a search are read now; later each is read when it changes."""
    from django.utils import timezone

    from qitong.casework.indexing import first_unread, rebuild

    first = first_unread()
    if first is not None:
        for done in rebuild(at=timezone.now(), after=first - 1):
            click.echo(f"{done.cases} cases read for search", err=True)
