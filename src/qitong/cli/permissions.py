"""``qitong permissions``: who may do what, asked of the functions the program asks."""

from __future__ import annotations

import click


@click.command()
def permissions() -> None:
    """Print roles and deeds as Markdown tables.

    \b
    qitong permissions > docs/permissions.md
    """
    from qitong.cli import use_django

    use_django()
    from qitong.insight.permissiondoc import page

    click.echo(page(), nl=False)
