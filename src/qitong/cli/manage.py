"""Django's own commands, for those who know them."""

from __future__ import annotations

import os

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, hidden=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django command: qitong manage makemigrations --check."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qitong.server.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["qitong manage", *arguments])
