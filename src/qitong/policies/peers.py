"""How many companies alike have used what: counted every night, read at a constant cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction

from qitong.accounts.erasing import NAMELESS
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CaseState
from qitong.policies import editions, gathering
from qitong.policies.logic import peers
from qitong.policies.logic.peers import Group
from qitong.policies.models import CompanyClass, PeerUse
from qitong.policies.sectors import division_of
from qitong.policies.sizing import INDUSTRY

BATCH = 500
_DONE = (CaseState.DELIVERED.value, CaseState.CLOSED.value)

# Three ways to group: division and size, division, everybody. A company counts once for an item.
_COUNTED = """
WITH used AS (
  SELECT DISTINCT c.enterprise_id, v.code
  FROM casework_case c JOIN catalogue_itemversion v ON v.id = c.item_version_id
  WHERE c.state = ANY(%(done)s)
), counted AS (
  SELECT class.division, class.size, class.enterprise_id, used.code
  FROM policies_companyclass class LEFT JOIN used USING (enterprise_id)
)
INSERT INTO policies_peeruse (division, size, item, companies)
SELECT division, size, item, companies FROM (
  SELECT division, size, '' AS item, count(DISTINCT enterprise_id) AS companies
  FROM counted WHERE division <> '' AND size <> '' GROUP BY division, size
  UNION ALL
  SELECT division, size, code, count(*) FROM counted
  WHERE division <> '' AND size <> '' AND code IS NOT NULL GROUP BY division, size, code
  UNION ALL
  SELECT division, '', '', count(DISTINCT enterprise_id) FROM counted WHERE division <> '' GROUP BY division
  UNION ALL
  SELECT division, '', code, count(*) FROM counted
  WHERE division <> '' AND code IS NOT NULL GROUP BY division, code
  UNION ALL
  SELECT '', '', '', count(DISTINCT enterprise_id) FROM counted HAVING count(*) > 0
  UNION ALL
  SELECT '', '', code, count(*) FROM counted WHERE code IS NOT NULL GROUP BY code
) sums
"""


def count(*, at: dt.datetime) -> int:
    """Count all companies anew; how many. What a dead worker left is counted by the next night."""
    companies = sum(_classed(keys, at) for keys in _batches())
    with transaction.atomic(), connection.cursor() as cursor:
        PeerUse.objects.all().delete()
        cursor.execute(_COUNTED, {"done": list(_DONE)})
    return companies


def _batches() -> Iterator[list[int]]:
    """The keys of all companies, in order; those that were erased are no longer anybody to count."""
    companies = Enterprise.objects.exclude(phone=NAMELESS).order_by("pk").values_list("pk", flat=True)
    cursor = 0
    while keys := list(companies.filter(pk__gt=cursor)[:BATCH]):
        yield keys
        cursor = keys[-1]


@transaction.atomic
def _classed(keys: list[int], at: dt.datetime) -> int:
    """Keep the sector and size of these companies where they are not as they were."""
    on = day_of(at)
    facts = gathering.facts_of(keys, editions.on_day(on).library, on)
    kept = {row.pk: (row.division, row.size) for row in CompanyClass.objects.filter(pk__in=keys)}
    found = {
        key: (division_of(given.get(INDUSTRY) or ""), given.get("size") or "") for key, given in facts.items()
    }
    CompanyClass.objects.bulk_create(
        [
            CompanyClass(enterprise_id=key, division=division, size=size, counted_at=at)
            for key, (division, size) in found.items()
            if kept.get(key) != (division, size)
        ],
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=["division", "size", "counted_at"],
    )
    return len(keys)


def used_more(counted: CompanyClass, *, without: frozenset[str]) -> tuple[str, ...]:
    """What companies alike use more than others: of the same size if there are enough, else of the sector.

    The company itself is not counted, nor is what it has used. One query.
    """
    division, size = counted.division, counted.size
    rows = PeerUse.objects.filter(division__in=("", division), size__in=("", size))
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        sums.setdefault((row.division, row.size), {})[row.item] = row.companies
    alike = [(division, size)] if size else []
    groups = [_group(sums[key]).without(used=without) for key in (*alike, (division, "")) if key in sums]
    group = peers.first_large(groups)
    everybody = sums.get(("", ""))
    if group is None or everybody is None:
        return ()
    found = peers.used_more(group, _group(everybody).without(used=without))
    return tuple(item for item in found if item not in without)


def _group(sums: dict[str, int]) -> Group:
    return Group(sums.get("", 0), {item: count for item, count in sums.items() if item})
