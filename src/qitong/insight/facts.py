"""Keep the facts and their sums up to date: after each move of a case, and all of them at night.

What is kept follows from ``casework`` alone, so any refresh may be done again, in any order, by any
process: it locks the cases, reads what is true now, and counts the difference in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from qitong.casework.models import Case
from qitong.catalogue.calendar import current
from qitong.insight import reading
from qitong.insight.logic.measure import Measured, measure
from qitong.insight.models import Fact
from qitong.ledger.models import Entry

CHUNK = 500
SETTLED = dt.timedelta(minutes=15)
"""A case that moved this recently may still wait for its refresh: at night that is no difference."""

Key = tuple[str, str, dt.date | None, int, int, str, bool | None, int | None]
Sums = Counter[str]
_FIELDS = (
    "window_id",
    "department_id",
    "item",
    "received_on",
    "standing",
    "deadline",
    "warn_on",
    "ended_on",
    "on_time",
    "days",
    "company",
    "law",
    "queue",
    "work",
)
_SUMMED = ("count", "company", "law", "queue", "work")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a recount found: cases whose facts were not as they should be, and sums that were not."""

    cases: tuple[int, ...]
    sums: int

    def __bool__(self) -> bool:
        return bool(self.cases) or self.sums > 0


def case_of(stream: str) -> int:
    """The case whose ledger stream this is."""
    return int(stream.removeprefix("case:"))


def refresh(case_ids: Iterable[int]) -> list[int]:
    """Measure these cases anew; returns those whose facts changed."""
    wanted = sorted(set(case_ids))
    changed: list[int] = []
    for i in range(0, len(wanted), CHUNK):
        changed += _refresh(wanted[i : i + CHUNK])
    return changed


@transaction.atomic
def _refresh(case_ids: Sequence[int]) -> list[int]:
    """One chunk: locked in the order of ids, so that two refreshes follow each other."""
    calendar = current()
    cases = reading.known(case_ids, calendar)
    fresh = {_subject(fact): fact for case in cases for fact in map(_row, measure(calendar, case))}
    kept = {_subject(fact): fact for fact in Fact.objects.filter(case_id__in=case_ids)}
    gone = [fact for subject, fact in kept.items() if subject not in fresh]
    new = [fact for subject, fact in fresh.items() if subject not in kept]
    moved = []
    for subject, fact in fresh.items():
        before = kept.get(subject)
        if before is not None and _values(before) != _values(fact):
            fact.pk = before.pk
            moved.append((before, fact))
    _count([*gone, *(b for b, _ in moved)], [*new, *(f for _, f in moved)])
    if gone:
        Fact.objects.filter(pk__in=[fact.pk for fact in gone]).delete()
    Fact.objects.bulk_create(new)
    if moved:
        Fact.objects.bulk_update([fact for _, fact in moved], _FIELDS)
    return sorted({fact.case_id for fact in (*gone, *new, *(f for _, f in moved))})


def _row(one: Measured) -> Fact:
    return Fact(
        kind=one.kind,
        case_id=one.case,
        task_id=one.task,
        window_id=one.window,
        department_id=one.department,
        item=one.item,
        received_on=one.received_on,
        standing=one.standing,
        deadline=one.deadline,
        warn_on=one.warn_on,
        ended_on=one.ended_on,
        on_time=one.on_time,
        days=one.days,
        company=one.split.company,
        law=one.split.law,
        queue=one.split.queue,
        work=one.split.work,
    )


def _subject(fact: Fact) -> tuple[int, int | None]:
    return fact.case_id, fact.task_id


def _values(fact: Fact) -> tuple[object, ...]:
    return tuple(getattr(fact, name) for name in _FIELDS)


def _count(less: Sequence[Fact], more: Sequence[Fact]) -> None:
    """Take the old facts out of the sums and the new ones in, key after key in one order."""
    delta: dict[Key, Sums] = {}
    for facts, sign in ((less, -1), (more, 1)):
        for fact in facts:
            for key in _keys(fact):
                sums = delta.setdefault(key, Counter())
                for name in _SUMMED:
                    sums[name] += sign * (1 if name == "count" else getattr(fact, name))
    rows = [
        (*key, *(sums[name] for name in _SUMMED))
        for key, sums in sorted(delta.items(), key=lambda item: repr(item[0]))
        if any(sums.values())
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, rows)


def _keys(fact: Fact) -> Iterator[Key]:
    """Received in its month; open with its deadline, or ended in its month."""
    where = (fact.window_id, fact.department_id, fact.item)
    yield (fact.kind, "in", fact.received_on.replace(day=1), *where, None, None)
    day = fact.deadline if fact.ended_on is None else fact.ended_on.replace(day=1)
    yield (fact.kind, fact.standing, day, *where, fact.on_time, fact.days)


_UPSERT = """
INSERT INTO insight_tally (kind, what, day, window_id, department_id, item, on_time, days,
                           count, company, law, queue, work)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (kind, what, day, window_id, department_id, item, on_time, days) DO UPDATE SET
  count = insight_tally.count + excluded.count, company = insight_tally.company + excluded.company,
  law = insight_tally.law + excluded.law, queue = insight_tally.queue + excluded.queue,
  work = insight_tally.work + excluded.work
"""

# The same sums in one statement over all facts: `_keys` said in SQL. A test holds them together.
_COUNTED = """
SELECT kind, what, day, window_id, department_id, item, on_time, days, count(*)::int AS count,
       sum(company)::int AS company, sum(law)::int AS law, sum(queue)::int AS queue, sum(work)::int AS work
FROM (
  SELECT kind, 'in' AS what, date_trunc('month', received_on)::date AS day, window_id, department_id, item,
         NULL::boolean AS on_time, NULL::smallint AS days, company, law, queue, work
  FROM insight_fact
  UNION ALL
  SELECT kind, standing, coalesce(date_trunc('month', ended_on)::date, deadline), window_id, department_id,
         item, on_time, days, company, law, queue, work
  FROM insight_fact
) facts
GROUP BY kind, what, day, window_id, department_id, item, on_time, days
"""
_UNLIKE = f"""
SELECT count(*) FROM (
  (SELECT kind, what, day, window_id, department_id, item, on_time, days, count, company, law, queue, work
   FROM insight_tally WHERE (count, company, law, queue, work) <> (0, 0, 0, 0, 0)
   EXCEPT ({_COUNTED}))
  UNION ALL
  (({_COUNTED}) EXCEPT
   SELECT kind, what, day, window_id, department_id, item, on_time, days, count, company, law, queue, work
   FROM insight_tally)
) unlike
"""  # noqa: S608  no outside text in it
_SUM_AGAIN = f"""
INSERT INTO insight_tally (kind, what, day, window_id, department_id, item, on_time, days,
                           count, company, law, queue, work)
{_COUNTED}
"""


def recount(*, at: dt.datetime) -> Difference:
    """Measure every case again and add everything up again; mend what differs and say it."""
    changed: list[int] = []
    for chunk in _chunks():
        changed += _settled(refresh(chunk), at)
    return Difference(tuple(changed), _sum_again())


def _chunks() -> Iterator[list[int]]:
    """All submitted cases by their ids, a chunk at a time: there are no facts of others."""
    ids = Case.objects.exclude(submitted_at=None).order_by("pk").values_list("pk", flat=True)
    chunk: list[int] = []
    for pk in ids.iterator(chunk_size=2000):
        chunk.append(pk)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _settled(case_ids: Sequence[int], at: dt.datetime) -> list[int]:
    """Those of the cases of which nothing was recorded lately."""
    if not case_ids:
        return []
    streams = {f"case:{pk}": pk for pk in case_ids}
    lately = Entry.objects.filter(stream__in=streams, at__gt=at - SETTLED)
    moving = set(lately.values_list("stream", flat=True).distinct())
    return [pk for stream, pk in streams.items() if stream not in moving]


@transaction.atomic
def _sum_again() -> int:
    """Replace the sums when they differ; how many rows differed. Refreshes wait while they are replaced."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE insight_tally IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_UNLIKE)
        (unlike,) = cursor.fetchone()
        if unlike:
            cursor.execute("DELETE FROM insight_tally")
            cursor.execute(_SUM_AGAIN)
        else:
            cursor.execute("DELETE FROM insight_tally WHERE count = 0")
    return int(unlike)
