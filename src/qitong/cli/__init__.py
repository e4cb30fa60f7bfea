"""The program ``qitong``: one file per group of commands, gathered here."""

from __future__ import annotations

import click

from qitong import __version__


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Qitong 企通 — from a company's need to a delivered result."""
