"""Is this installation ready?"""

from __future__ import annotations

import json as jsonlib
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def check(as_json: bool) -> None:
    """Check configuration, database, migrations, catalogue and windows; exit 1 when any is not well.

    \b
    qitong check
    qitong check --json | jq '.checks[] | select(.ok | not)'
    """
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.server.checks import findings

    found = findings(timezone.localdate())
    well = all(finding.ok for finding in found)
    if as_json:
        shown = {"ok": well, "checks": [asdict(finding) for finding in found]}
        click.echo(jsonlib.dumps(shown, ensure_ascii=False))
    else:
        for finding in found:
            click.echo(f"{'ok ' if finding.ok else 'RED'}  {finding.name:<14} {finding.detail}")
    if not well:
        raise SystemExit(1)
