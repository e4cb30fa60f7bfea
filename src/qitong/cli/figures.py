"""``qitong figures``: measure every case and add everything up again, now instead of at night."""

from __future__ import annotations

import click


@click.command()
def figures() -> None:
    """Recount the dashboard's figures; what differs is mended and said. Exit 1 when anything differed.

    Needed once after an upgrade from a version without them; afterwards the night does it.
    """
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.insight.facts import recount

    found = recount(at=timezone.now())
    if not found:
        click.echo("All figures equal a recount.")
        return
    click.echo(f"{len(found.cases)} cases and {found.sums} sums differed; they are mended.")
    raise SystemExit(1)
