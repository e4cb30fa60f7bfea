"""``qitong demo``: the cast and the stories, played once."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

import click

from qitong.cli import use_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def demo(*, as_json: bool) -> None:
    """Play the demo stories once, and print who may sign in.

    Safe to run again: what was played is not played twice. Refused in production.
    """
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
