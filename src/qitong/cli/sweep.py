"""``qitong sweep``: do now what the timer does every five minutes, or say what it would do."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qitong.casework.sweep import Finding


@click.command()
@click.option(
    "--dry-run", is_flag=True, help="Change nothing; list what would and would not be done, and why."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.option("--at", "moment", metavar="ISO", help="As of this moment, like 2026-03-04T09:30 (Shanghai).")
def sweep(*, dry_run: bool, as_json: bool, moment: str | None) -> None:
    """Do what is due: reminders, escalations, expiries. Doing it twice changes nothing.

    \b
    qitong sweep
    qitong sweep --dry-run
    qitong sweep --dry-run --at 2026-03-10T09:30 --json | jq '.[] | select(.would)'
    """
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.accounts.actors import Actor
    from qitong.casework import sweep as sweeping

    now = timezone.now()
    at = _moment(moment) if moment else now
    if at > now and not dry_run:
        raise click.BadParameter(
            "in the future only with --dry-run: deadlines would pass early", param_hint="--at"
        )
    found = list(sweeping.dry_run(at=at)) if dry_run else sweeping.run(by=Actor.system("sweep"), at=at)
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in found], ensure_ascii=False))
    else:
        _table(found, dry_run=dry_run)


def _moment(text: str) -> dt.datetime:
    """A moment with an offset, or without one in Asia/Shanghai."""
    from qitong.casework.logic.clock import ZONE

    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("not a moment like 2026-03-04T09:30", param_hint="--at") from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _table(found: Sequence[Finding], *, dry_run: bool) -> None:
    acts = [finding for finding in found if finding.verdict.do]
    for finding in found:
        thing = f"task {finding.task_id}" if finding.task_id else "case"
        if finding.commitment_id:
            thing = f"commitment {finding.commitment_id}"
        mark = "do  " if finding.verdict.do else "    "
        click.echo(
            f"{mark}{finding.number:<16} {thing:<18} {finding.verdict.kind.value:<20} "
            f"{finding.verdict.reason.value}"
        )
    verb = "would be done" if dry_run else "done"
    left = f", {len(found) - len(acts)} not, each with its reason above" if dry_run else ""
    click.echo(f"{len(acts)} {verb}{left}.")
