"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``detail`` is what was found, or what is wrong and what helps; ``warning``: well, but to be known."""

    name: str
    ok: bool
    detail: str
    warning: bool = False
