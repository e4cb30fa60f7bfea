"""Counts that stay quick however many rows there are: exact while that is cheap, then "1,000+"."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

MOST = 1000


def capped(rows: QuerySet[Any], most: int = MOST) -> int | str:
    """How many ``rows`` there are, exactly up to ``most``, else "1,000+". One query, never past ``most``."""
    return shown(rows.order_by()[: most + 1].count(), most)


class Capped(Subquery):
    """The same in SQL, several in one query: ``.values(mine=Capped(rows), all=Capped(others))``.

    Numbers come back as they are, one more than ``most`` at the highest; :func:`shown` says them.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any], most: int = MOST) -> None:
        super().__init__(rows.order_by().values("pk")[: most + 1])


def shown(found: int, most: int = MOST) -> int | str:
    """A number that was counted up to one more than ``most``."""
    return found if found <= most else f"{most:,}+"
