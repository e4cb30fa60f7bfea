"""``qitong flow``: the states and moves of a case and of a task, from the table the program runs on."""

from __future__ import annotations

import click


@click.command()
def flow() -> None:
    """Print the life of a case and of a task as Markdown with diagrams.

    \b
    qitong flow > docs/flow.md
    """
    from qitong.casework.flowdoc import page

    click.echo(page(), nl=False)
