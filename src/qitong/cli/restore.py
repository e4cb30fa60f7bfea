"""``qitong restore``: bring a backup back, or only look whether it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Read the backup and say whether it is whole.")
@click.option("--into", metavar="URL", help="This database instead of DATABASE_URL.")
@click.option("--replace", is_flag=True, help="Lose what is in the database now.")
def restore(folder: Path, only_check: bool, into: str | None, replace: bool) -> None:
    """Load FOLDER into the database and the file store in use; verify rows, files and the ledger.

    The database must be empty, and nobody may be connected to it. Nothing is touched before the backup
    has been read and found whole. Exit 1 at the first thing that is wrong, naming it.

    \b
    qitong restore --check /backup/2026-11-24
    QITONG_DATA=/drill qitong restore /backup/2026-11-24
    qitong restore --into postgresql://…/drill /backup/2026-11-24
    """
    if into:
        os.environ["DATABASE_URL"] = into
    from qitong.cli import use_django

    use_django()
    with said_plainly():
        if only_check:
            _check(folder)
        else:
            _restore(folder, replace)


@contextmanager
def said_plainly() -> Iterator[None]:
    """What is wrong with a backup as one sentence and exit 1, not as a trace."""
    from qitong.server.backups.manifest import WrongError
    from qitong.server.clients import ClientError

    try:
        yield
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        raise click.ClickException(said) from error
    except (WrongError, ClientError) as error:
        raise click.ClickException(str(error)) from error


def _check(folder: Path) -> None:
    from qitong.server.backups.check import check

    found = check(folder)
    click.echo(f"Whole: of {found.made_at}, {found.files} files, {found.contents.entries} ledger entries.")


def _restore(folder: Path, replace: bool) -> None:
    from django.utils import timezone

    from qitong.accounts.actors import Actor
    from qitong.server.backups import restore as restoring

    done = restoring.restore(folder, replace=replace, by=Actor.system("cli"), at=timezone.now())
    if done.migrated:
        click.echo(f"Of an earlier version: {done.migrated} migrations applied.")
    verdict = done.verdict
    click.echo(f"Restored as of {done.backup.made_at}: {done.backup.files} files are there and right;")
    click.echo(f"the ledger is whole: {verdict.streams} streams, {verdict.entries} entries.")
    for sha256 in done.backup.lost:
        click.echo(f"Lost before the backup was made: file {sha256}", err=True)
