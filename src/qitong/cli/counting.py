"""Numbers of things in what commands print, so that one is one."""

from __future__ import annotations


def counted(n: int, one: str, many: str = "") -> str:
    """``1 policy``, ``2 policies``; ``many``: where it is more than an s behind ``one``."""
    return f"{n} {one if n == 1 else many or f'{one}s'}"
