"""A calendar as a subscriber's program reads it."""

from __future__ import annotations


def unfold(text: str) -> list[str]:
    """The content lines as they were before folding (RFC 5545, 3.1)."""
    return text.replace("\r\n ", "").split("\r\n")
