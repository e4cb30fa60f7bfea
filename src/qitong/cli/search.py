"""``qitong search``: rebuild what search reads."""

from __future__ import annotations

import json

import click


@click.group()
def search() -> None:
    """What search reads: the words of every case, collected from where they are."""


@search.command("rebuild")
@click.option("--after", default=0, show_default=True, help="Only cases with an id above; to go on with it.")
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 5000), help="Cases at once.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a batch, for programs.")
def rebuild_words(*, after: int, batch: int, as_json: bool) -> None:
    """Read every case again. Search goes on meanwhile; interrupted, it goes on with --after.

    \b
    qitong search rebuild
    qitong search rebuild --after 42000 --json
    """
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.casework.indexing import Progress, rebuild

    done = Progress(after, 0, 0, 0)
    for done in rebuild(at=timezone.now(), after=after, batch=batch):
        facts = {"last": done.last, "cases": done.cases, "changed": done.changed, "wrong": done.wrong}
        if as_json:
            click.echo(json.dumps(facts))
        else:
            click.echo(f"{done.cases} cases read, up to id {done.last}; {done.changed} changed")
    if not as_json:
        click.echo(f"Done: {done.cases} cases, {done.changed} changed, {done.wrong} had been wrong.")
