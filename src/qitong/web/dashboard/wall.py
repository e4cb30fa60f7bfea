"""The page for the wall: read from three metres, printed on A4 or A3, figures only.

It names no company and no case, so that it can be opened by a link without signing in.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department, Jurisdiction
from qitong.insight import queries, walls
from qitong.insight.logic.figures import Figures, months_back
from qitong.insight.logic.terms import Kind
from qitong.insight.queries import Cut, Scope
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting
from qitong.web.dashboard import charts
from qitong.web.dashboard.cells import STANDING, Cell, Column, Row, Table, counted, pairs, rate
from qitong.web.dashboard.door import looker_required
from qitong.web.dashboard.today import tiles

ROWS = 12
MONTHS = 6
COLUMNS = (*STANDING, Column(_("办结"), counted("closed")), Column(_("按时办结率"), rate))


@never_cache
@looker_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """For who may look anyway, with the way back."""
    actor = acting(request)
    sheet = sheet_of(queries.scope_of(actor), _place(actor), today())
    return render(request, "dashboard/wall.html", {**sheet, "shared": False})


@never_cache
@require_GET
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """For whoever has the link: no sign-in, nothing to follow, not to be found by search engines."""
    opening = walls.open_with(secret, at=now())
    if opening.link is None:
        over = opening.door is walls.Door.OVER
        answer = render(request, "dashboard/wall_over.html", {"over": over}, status=410 if over else 404)
    else:
        place = opening.link.jurisdiction
        sheet = sheet_of(queries.scope_of_place(place.pk), str(place.label), today())
        answer = render(request, "dashboard/wall.html", {**sheet, "shared": True})
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def sheet_of(scope: Scope, place: str, day: dt.date) -> dict[str, Any]:
    """Three readings of the sums, and the names of departments."""
    month, first = day.replace(day=1), months_back(day, MONTHS - 1)
    whole = queries.whole(scope, Kind.CASE, day, month, month)
    by_month = queries.figures(scope, Kind.CASE, day, by="day", since=first, until=month)
    departments = queries.figures(scope, Kind.TASK, day, by="department_id", since=first, until=month)
    months = [months_back(day, n) for n in range(MONTHS - 1, -1, -1)]
    table = _table(departments)
    return {
        "place": place,
        "day": day,
        "moment": now(),
        "tiles": tiles(whole, Cut(Kind.CASE, "open")),
        "table": table,
        "pairs": list(pairs(table)),
        "more": max(len(departments) - ROWS, 0),
        "chart": charts.of_months(by_month, months),
        "months": [(charts.short(m), by_month.get(m, Figures())) for m in months] if by_month else [],
        "count": MONTHS,
    }


def _table(found: dict[int, Figures]) -> Table:
    """The departments that want attention, without a link in any cell."""
    names = queries.names_of_departments(found)
    order = sorted(found, key=lambda pk: (-found[pk].overdue, -found[pk].week, -found[pk].open, pk))
    rows = [
        Row(names[pk].label, tuple(_plain(c.cell(found[pk], Cut(Kind.TASK, "open"))) for c in COLUMNS))
        for pk in order[:ROWS]
    ]
    return Table(_("各部门的任务"), _("部门"), COLUMNS, rows)


def _plain(cell: Cell) -> Cell:
    return Cell(cell.text, "", cell.note, cell.tone)


def _place(actor: Actor) -> str:
    """Whose figures these are."""
    if actor.has(Role.AUDITOR):
        return gettext("全部园区和部门")
    places = Jurisdiction.objects.filter(pk__in=actor.places_overseen()).order_by("pk")
    if found := [str(place.label) for place in places]:
        return gettext("、").join(found)
    departments = Department.objects.filter(pk__in=actor.departments_overseen()).order_by("pk")
    return gettext("、").join(str(department.label) for department in departments)
