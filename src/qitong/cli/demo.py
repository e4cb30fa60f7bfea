"""``qitong demo``: the cast and the stories, played once."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import click

from qitong.cli import use_django
from qitong.cli.counting import counted
from qitong.cli.failing import writable


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_context
def demo(context: click.Context, *, as_json: bool) -> None:
    """Play the demo stories once, and print who may sign in.

    Safe to run again: what was played is not played twice. Refused in production.
    """
    if context.invoked_subcommand:
        return
    use_django()
    from qitong.demo.play import PASSWORD, accounts, play
    from qitong.kernel.limits import SHANGHAI

    played = play(at=dt.datetime.now(SHANGHAI))
    people = accounts()
    if as_json:
        shown = {"played": played, "password": PASSWORD, "accounts": [asdict(a) for a in people]}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"Demo: {', '.join(played)} played." if played else "Demo: everything was played before.")
    click.echo(f"Password of all demo accounts: {PASSWORD}")
    departments = [a.place for a in people if a.login.startswith(f"{a.place}.reviewer@")]
    for account in people:
        if account.place not in departments:
            roles = ", ".join(account.roles)
            click.echo(f"  {account.login:<26} {roles:<29} {account.place:<10} {account.name}")
    click.echo("  <department>.reviewer@qitong.example and <department>.head@qitong.example, for")
    click.echo(f"  {', '.join(departments)}")


@demo.command()
@click.option("--n", "count", type=click.IntRange(1, 100_000_000), default=10_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Parquet.")
def companies(count: int, seed: int, out: Path) -> None:
    """Write made-up companies to try policies on: plausible together, with gaps, none of them real."""
    from qitong.demo.population import write

    with writable():
        write(out, count, seed)
    click.echo(f"{counted(count, 'company', 'companies')} in {out}")
