"""Bring the database to this version of the program."""

from __future__ import annotations

LOCK = 7_310_021  # any number, the same in every process that migrates


def apply() -> None:
    """Apply every migration, one process at a time (an advisory lock, dropped with its session)."""
    from django.core.management import call_command

    from qitong.server import clients

    with clients.connect(autocommit=True) as turnstile:
        turnstile.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        call_command("migrate", verbosity=0, interactive=False)
