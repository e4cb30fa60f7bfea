"""Counts that stay quick however many rows there are: exact while that is cheap, then "1,000+"."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet


def capped(rows: QuerySet[Any], most: int = 1000) -> int | str:
    """How many ``rows`` there are, exactly up to ``most``, else "1,000+". One query, never past ``most``."""
    found = rows.order_by()[: most + 1].count()
    return found if found <= most else f"{most:,}+"
