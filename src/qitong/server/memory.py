"""How a process with many threads asks the C library for memory."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)
ARENAS = 1


def few_arenas() -> None:
    """Let all threads share a few heaps, where the C library (glibc) would give each its own and keep it.

    To be called before there are threads. Other C libraries do not know it, or have no such habit.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_ARENA_MAX, ARENAS)
