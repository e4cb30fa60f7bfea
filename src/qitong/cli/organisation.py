"""Jurisdictions and departments, from a file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from qitong.cli import use_django
from qitong.cli.catalogue import tell_problems
from qitong.cli.language import InTheirLanguage


@click.group(cls=InTheirLanguage)
def organisation() -> None:
    """Jurisdictions (city › district › park) and the departments in them."""


@organisation.command()
@click.argument("path", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def load(path: Path | None, *, as_json: bool) -> None:
    """Load a YAML file; without PATH, the reference park. Loading again changes only what differs.

    \b
    qitong organisation load
    qitong organisation load our-park.yaml
    """
    use_django()
    from qitong.accounts.actors import Actor
    from qitong.accounts.organisation import REFERENCE, check, load_organisation

    _, problems = check(path or REFERENCE)
    if problems:
        tell_problems(problems, as_json=as_json)
        raise SystemExit(1)
    changed = load_organisation(path=path or REFERENCE, by=Actor.system("cli"), at=dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(json.dumps({"changed": changed}))
    else:
        click.echo(f"{len(changed)} changed: {', '.join(changed) or 'nothing'}")
