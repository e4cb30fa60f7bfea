"""The calendar in use: the official years built in, overlaid with the years loaded since."""

from __future__ import annotations

import datetime as dt
from threading import Lock

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce

from qitong.accounts.actors import Actor
from qitong.catalogue.models import CalendarYear as Row
from qitong.catalogue.publish import STREAM, one_at_a_time, ref_of
from qitong.kernel.workdays import Calendar, CalendarYear, official
from qitong.ledger.record import record
from qitong.sql.frozen import Frozen


def load(year: CalendarYear, *, by: Actor | str, at: dt.datetime) -> None:
    """Put the facts of one year in force; the same facts again write nothing.

    Deadlines already promised are recomputed by whoever follows ``calendar_loaded`` in the ledger.
    """
    facts = year.to_json()
    with transaction.atomic():
        one_at_a_time()
        latest = Row.objects.filter(year=year.year).order_by("-id").first()
        if latest is not None and latest.facts == facts:
            return
        row = Row.objects.create(
            year=year.year, notice=year.notice, facts=facts, loaded_at=at, loaded_by=ref_of(by)
        )
        body = {"year": year.year, "notice": year.notice, "provisional": year.provisional, "row": row.pk}
        record(STREAM, "calendar_loaded", by=ref_of(by), at=at, body=body)


_lock = Lock()
_built: dict[int, Calendar] = {}
"""At most one calendar, by the id of the newest row it was built from."""


def newest_row() -> Coalesce:
    """Inside another query: what :func:`current` wants to know."""
    return Coalesce(Subquery(Row.objects.order_by("-id").values("id")[:1]), 0)


_NEWEST: Frozen[int] = Frozen(lambda: Row.objects.order_by("-id").values_list("id", flat=True)[:1])


def current(newest: int | None = None) -> Calendar:
    """The calendar as this transaction sees it; ``newest`` is the newest row's id, if read along.

    Built once per process; one look at the newest row tells whether that still holds. Rows are
    only ever added, in the order of their ids, and an id is never given out twice: a row that was
    rolled back leaves a number behind that no other calendar will have.
    """
    if newest is None:
        newest = _NEWEST.first() or 0
    with _lock:
        if newest not in _built:
            _built.clear()
            _built[newest] = official().with_years(_loaded())
        return _built[newest]


def _loaded() -> dict[int, CalendarYear]:
    latest = Row.objects.order_by("year", "-id").distinct("year")
    return {row.year: CalendarYear.from_json(row.facts) for row in latest}
