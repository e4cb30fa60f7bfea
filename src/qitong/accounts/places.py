"""The tree of places (city › district › park): what lies above, what below."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, Value

from qitong.accounts.models import Jurisdiction

_IDS = ArrayField(BigIntegerField())


class Above(Func):
    """The place a column names and those above it, as an array; empty where the column is NULL."""

    template = """ARRAY(
WITH RECURSIVE up(id, parent_id) AS (
    SELECT id, parent_id FROM accounts_jurisdiction WHERE id = %(expressions)s
    UNION SELECT j.id, j.parent_id FROM accounts_jurisdiction j JOIN up ON j.id = up.parent_id
) SELECT id FROM up)"""
    output_field = _IDS

    def __init__(self, column: str) -> None:
        super().__init__(F(column))


class Below(Func):
    """For ``…__in=``: these places and everything beneath them."""

    template = """(
WITH RECURSIVE down(id) AS (
    SELECT unnest(%(expressions)s::bigint[])
    UNION SELECT j.id FROM accounts_jurisdiction j JOIN down ON j.parent_id = down.id
) SELECT id FROM down)"""
    output_field = BigIntegerField()

    def __init__(self, places: Collection[int]) -> None:
        super().__init__(Value(sorted(places), output_field=_IDS))


def chains() -> dict[int, list[int]]:
    """Each place with itself and those above it; one query."""
    parents = dict(Jurisdiction.objects.values_list("pk", "parent_id"))
    chains = {}
    for start in parents:
        place: int | None = start
        chains[start] = chain = list[int]()
        while place is not None and place not in chain:
            chain.append(place)
            place = parents[place]
    return chains
