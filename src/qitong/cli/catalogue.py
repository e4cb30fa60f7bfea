"""``qitong catalogue``: check, publish and show the catalogue of service items."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qitong.catalogue.check import PACKAGED, check_path
from qitong.cli import use_django
from qitong.cli.language import InTheirLanguage
from qitong.kernel.limits import SHANGHAI

if TYPE_CHECKING:
    from qitong.catalogue.schema import Catalogue
    from qitong.kernel.yamlmarks import Problem

BY = "system:cli"
_path = click.argument(
    "path", type=click.Path(exists=True, path_type=Path), default=PACKAGED, required=False, metavar="[PATH]"
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group(cls=InTheirLanguage)
def catalogue() -> None:
    """Check, publish and show the catalogue of service items."""


@catalogue.command()
@_path
@_json
def check(path: Path, *, as_json: bool) -> None:
    """Check a YAML file or a folder of them; without PATH, the packaged catalogue."""
    checked = _checked(path, as_json=as_json)
    if as_json:
        click.echo(json.dumps({"ok": True, "items": len(checked.items), "problems": []}))
    else:
        click.echo(f"{path}: {len(checked.items)} items, no problems.")


@catalogue.command()
@_path
@click.option(
    "--effective-on", type=click.DateTime(["%Y-%m-%d"]), help="In force from this day; default today."
)
@_json
def load(path: Path, *, effective_on: dt.datetime | None, as_json: bool) -> None:
    """Publish a YAML file or a folder as a new version; without PATH, the packaged catalogue."""
    checked = _checked(path, as_json=as_json)
    use_django()
    from qitong.catalogue import publish

    day = effective_on.date() if effective_on else None
    version = publish.load(checked, by=BY, at=dt.datetime.now(SHANGHAI), effective_on=day)
    if as_json:
        shown = {
            "version": version.pk,
            "effective_on": version.effective_on.isoformat(),
            "content_hash": version.content_hash,
            "items": len(checked.items),
        }
        click.echo(json.dumps(shown))
    else:
        click.echo(f"Version {version.pk}, in force from {version.effective_on}: {len(checked.items)} items.")


@catalogue.command()
@click.argument("code", required=False)
@_json
def show(code: str | None, *, as_json: bool) -> None:
    """List the items in force today, or show one by its CODE."""
    use_django()
    from qitong.catalogue import queries

    today = dt.datetime.now(SHANGHAI).date()
    if code is None:
        rows = list(queries.items(today))
        if as_json:
            click.echo(json.dumps([row.data for row in rows], ensure_ascii=False))
            return
        for row in rows:
            click.echo(
                f"{row.code:<30} {row.lead:<6} {row.promised_days:>3} wd  {row.name_zh}  {row.name_en}"
            )
        return
    found = queries.item(code, today)
    if found is None:
        raise click.ClickException(f"No item {code} is in force on {today}.")
    click.echo(json.dumps(found.data, ensure_ascii=False, indent=None if as_json else 2))


def _checked(path: Path, *, as_json: bool) -> Catalogue:
    """The catalogue at ``path``; its problems are printed and end the command with code 1."""
    found, problems = check_path(path)
    if found is None:
        tell_problems(problems, as_json=as_json)
        raise SystemExit(1)
    return found


def tell_problems(problems: list[Problem], *, as_json: bool) -> None:
    """A line each, with file, line and column, or one JSON object."""
    if as_json:
        told = {"ok": False, "problems": [problem.to_data() for problem in problems]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
