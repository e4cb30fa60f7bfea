"""Is this installation ready?"""

from __future__ import annotations

import json as jsonlib
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from qitong.server.findings import Finding


@click.command()
@click.option("--deploy", is_flag=True, help="Also what a production start is refused or warned for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def check(deploy: bool, as_json: bool) -> None:
    """Check configuration, database, migrations, catalogue and windows; exit 1 when any is not well.

    \b
    qitong check
    qitong check --deploy
    qitong check --json | jq '.checks[] | select(.ok | not)'
    """
    found = _of_deployment() if deploy else []
    if not deploy or all(finding.ok for finding in found if finding.name == "secrets"):
        found += _of_installation(deploy=deploy)
    well = all(finding.ok for finding in found)
    if as_json:
        shown = {"ok": well, "checks": [asdict(finding) for finding in found]}
        click.echo(jsonlib.dumps(shown, ensure_ascii=False))
    else:
        for finding in found:
            click.echo(f"{_mark(finding)}  {finding.name:<14} {finding.detail}")
    if not well:
        raise SystemExit(1)


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "RED"
    return "!  " if finding.warning else "ok "


def _of_deployment() -> list[Finding]:
    from qitong.server import deploy
    from qitong.server.findings import Finding

    found = deploy.environment(os.environ)
    if not deploy.is_production(os.environ):
        found.append(Finding("production", False, "QITONG_ENV is not production: the demo and any host go"))
    return found


def _of_installation(*, deploy: bool) -> list[Finding]:
    """What needs Django, which needs secrets in production."""
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.server import checks
    from qitong.server import deploy as deployment

    more = [*deployment.installation(), *deployment.data()] if deploy else []
    return [*more, *checks.findings(timezone.localdate())]
