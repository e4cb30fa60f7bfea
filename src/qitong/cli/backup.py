"""``qitong backup``: everything into a folder."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path

import click

from qitong.cli.restore import said_plainly


def _named(_: click.Context, __: click.Parameter, text: str) -> Path:
    """Of nothing, as of a variable that was not set, ``Path`` would make the folder one is in."""
    if not text.strip():
        raise click.BadParameter("name a folder")
    return Path(text)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False), callback=_named)
@click.option("--without-files", is_flag=True, help="Only list the files; for a bucket with its own copies.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def backup(folder: Path, without_files: bool, as_json: bool) -> None:
    """Copy the database, as of one moment, and all its files into FOLDER; everything goes on meanwhile.

    A backup without manifest.json was broken off: run it again on the same folder. The secrets are not
    in it: keep QITONG_SECRET_KEY and above all QITONG_LEDGER_KEY elsewhere. Exit 1 when a file is lost.

    \b
    qitong backup /backup/$(date +%F)
    qitong restore --check /backup/2026-11-24
    """
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.accounts.actors import Actor
    from qitong.server.backups.make import back_up

    with said_plainly():
        made = back_up(folder, with_files=not without_files, by=Actor.system("cli"), at=timezone.now())
    found = made.contents
    if as_json:
        facts = {"files": made.files, "bytes": made.bytes, "lost": list(made.lost), "dump": made.dump.sha256}
        click.echo(jsonlib.dumps(facts | {"entries": found.entries, "root": found.root}))
    else:
        click.echo(f"{folder}: {sum(found.tables.values())} rows in {made.dump.size} bytes;")
        click.echo(f"{made.files} files of {made.bytes} bytes; {found.entries} ledger entries.")
    for sha256 in made.lost:
        click.echo(f"LOST: file {sha256} is not in the store, or not what its name says", err=True)
    if made.lost:
        raise SystemExit(1)
