"""Figures for screens, within what the reader may see, and the lists that they are added up from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department
from qitong.accounts.places import Below
from qitong.catalogue.models import ItemVersion
from qitong.insight.logic.figures import Figures, Line, week_end
from qitong.insight.logic.terms import Kind, Standing
from qitong.insight.models import Fact, Tally
from qitong.kernel.words import Named

NOTHING_SEEN = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: everything, the jurisdictions (with all below them), the departments headed."""

    everything: bool = False
    places: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()

    def rows(self, kind: Kind) -> Q:
        """The condition on facts and sums. A head sees what the department leads, received or has to do."""
        if self.everything:
            return Q(kind=kind)
        seen = NOTHING_SEEN
        if self.places:
            seen |= Q(window__jurisdiction_id__in=Below(self.places))
        if self.departments:
            seen |= Q(department_id__in=self.departments)
        if self.departments and kind is Kind.CASE:
            seen |= Q(window_id__in=self.departments)
        return Q(kind=kind) & seen


def scope_of(actor: Actor) -> Scope:
    """What ``actor`` may see of the figures; nothing for whoever may not look."""
    if actor.has(Role.AUDITOR):
        return Scope(everything=True)
    return Scope(places=actor.places_overseen(), departments=actor.departments_overseen())


def scope_of_place(jurisdiction_id: int) -> Scope:
    """What hangs on the wall of a jurisdiction."""
    return Scope(places=frozenset({jurisdiction_id}))


WHATS = (
    "in",
    "open",
    "near",
    "urgent",
    "week",
    "overdue",
    "paused",
    "closed",
    "on_time",
    "late",
    "ended",
)
OF_MONTHS = ("in", "closed", "on_time", "late", "ended")


@dataclass(frozen=True, slots=True)
class Cut:
    """One figure: which of the facts it counts. ``since`` and ``until`` are months, both included."""

    kind: Kind
    what: str
    department: int | None = None
    item: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def of(self, what: str) -> Cut:
        return replace(self, what=what)


def listed(scope: Scope, cut: Cut, today: dt.date) -> QuerySet[Fact]:
    """Exactly the facts that the figure of ``cut`` counts."""
    rows = Fact.objects.filter(scope.rows(cut.kind), _what(cut.what, today))
    if cut.department is not None:
        rows = rows.filter(department_id=cut.department)
    if cut.item is not None:
        rows = rows.filter(item=cut.item)
    if cut.what in OF_MONTHS:
        day = "received_on" if cut.what == "in" else "ended_on"
        if cut.since is not None:
            rows = rows.filter(**{f"{day}__gte": cut.since})
        if cut.until is not None:
            rows = rows.filter(**{f"{day}__lt": _next_month(cut.until)})
    return rows


def _what(what: str, today: dt.date) -> Q:
    is_open = Q(standing=Standing.OPEN)
    closed = Q(standing=Standing.CLOSED)
    conditions = {
        "in": Q(),
        "open": is_open,
        "near": is_open & Q(deadline__gte=today, warn_on__lte=today),
        "urgent": is_open & Q(warn_on__lte=today),
        "week": is_open & Q(deadline__gte=today, deadline__lte=week_end(today)),
        "overdue": is_open & Q(deadline__lt=today),
        "paused": is_open & Q(deadline=None),
        "closed": closed,
        "on_time": closed & Q(on_time=True),
        "late": closed & Q(on_time=False),
        "ended": Q(standing=Standing.ENDED),
    }
    return conditions[what]


def figures(
    scope: Scope,
    kind: Kind,
    today: dt.date,
    *,
    by: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    department: int | None = None,
) -> dict[Any, Figures]:
    """Figures by ``department_id``, ``item``, ``day`` (months, of what came in and ended) or of all (None).

    What came in and what ended is of the months from ``since`` to ``until``; what is open is of today.
    One query over the sums.
    """
    found: dict[Any, Figures] = {}
    for group, line in _lines(scope, kind, today, by=by, since=since, until=until, department=department):
        found.setdefault(group, Figures()).add(line)
    return found


def whole(
    scope: Scope, kind: Kind, today: dt.date, since: dt.date | None = None, until: dt.date | None = None
) -> Figures:
    """All of the scope together."""
    return figures(scope, kind, today, since=since, until=until).get(None, Figures())


def _lines(
    scope: Scope,
    kind: Kind,
    today: dt.date,
    *,
    by: str,
    since: dt.date | None,
    until: dt.date | None,
    department: int | None,
) -> Iterator[tuple[Any, Line]]:
    rows = Tally.objects.filter(scope.rows(kind), _in_period(since, until))
    if by == "day":
        rows = rows.exclude(what=Standing.OPEN)
    if department is not None:
        rows = rows.filter(department_id=department)
    alike = ("what", "when", "on_time", "days", *([by] if by else []))
    grouped = rows.annotate(when=_when(today)).values(*alike)
    for row in grouped.annotate(**{f"n_{name}": Sum(name) for name in _SUMS}).order_by():
        line = Line(
            what=row["what"],
            when=row["when"],
            on_time=row["on_time"],
            days=row["days"],
            **{name: row[f"n_{name}"] for name in _SUMS},
        )
        if line.count:
            yield row[by] if by else None, line


def _in_period(since: dt.date | None, until: dt.date | None) -> Q:
    """What is open counts in every period; the months are those of what came in and of what ended."""
    period = Q()
    if since is not None:
        period &= Q(day__gte=since)
    if until is not None:
        period &= Q(day__lte=until)
    return Q(what=Standing.OPEN) | period if period else Q()


_SUMS = ("count", "company", "law", "queue", "work")


def _when(today: dt.date) -> Case:
    """Where an open one stands today; nothing for the others."""
    return Case(
        When(~Q(what=Standing.OPEN), then=Value("")),
        When(day=None, then=Value("paused")),
        When(day__lt=today, then=Value("overdue")),
        When(day__lte=week_end(today), then=Value("week")),
        default=Value("later"),
    )


def names_of_departments(ids: Iterable[int]) -> dict[int, Department]:
    """The departments, by primary key; one query."""
    return Department.objects.in_bulk(list(ids))


def names_of_items(codes: Iterable[str]) -> dict[str, Named]:
    """The newest name of each item; one query."""
    rows = ItemVersion.objects.filter(code__in=set(codes)).order_by("code", "-version_id").distinct("code")
    return {code: Named(zh, en) for code, zh, en in rows.values_list("code", "name_zh", "name_en")}


def _next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def in_order(rows: QuerySet[Fact], what: str) -> tuple[QuerySet[Fact], str, bool]:
    """The rows with the key of their list, and whether the newest comes first: what is open by urgency."""
    if what == "in":
        return rows, "received_on", True
    if what in OF_MONTHS:
        return rows, "ended_on", True
    if what in ("near", "urgent", "week", "overdue"):
        return rows, "deadline", False
    return rows.annotate(due=Coalesce("deadline", Value(dt.date.max))), "due", False
