"""By department, by item and by month: the same figures, cut three ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.insight import queries
from qitong.insight.logic.figures import Figures
from qitong.insight.logic.terms import Kind
from qitong.insight.queries import Cut
from qitong.kernel.words import Named
from qitong.web.common.dates import today
from qitong.web.common.http import acting
from qitong.web.common.parts import Tab
from qitong.web.dashboard.cells import RESULTS, STANDING, Row, Table, pairs, row
from qitong.web.dashboard.cuts import Period, period_of, periods
from qitong.web.dashboard.door import looker_required

COLUMNS = (*STANDING, *RESULTS)


@never_cache
@looker_required
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """Tasks by the department that has them."""
    day, scope = today(), queries.scope_of(acting(request))
    period = period_of(request.GET, day)
    found = queries.figures(scope, Kind.TASK, day, by="department_id", since=period.since, until=period.until)
    table = of_departments(found, period)
    shown = {"table": table, "pairs": list(pairs(table)), "periods": _tabs(request, period, day)}
    return render(request, "dashboard/departments.html", {**shown, "period": period})


def of_departments(found: dict[int, Figures], period: Period) -> Table:
    names = queries.names_of_departments(found)
    base = Cut(Kind.TASK, "open", since=period.since, until=period.until)
    order = sorted(found, key=lambda pk: (*_weight(found[pk]), names[pk].code))
    rows = [
        row(
            names[pk].label,
            found[pk],
            Cut(Kind.TASK, "open", pk, None, period.since, period.until),
            COLUMNS,
        )
        for pk in order
    ]
    return Table(_("各部门的任务"), _("部门"), COLUMNS, _with_whole(rows, found.values(), base))


@never_cache
@looker_required
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Cases by what was asked for."""
    day, scope = today(), queries.scope_of(acting(request))
    period = period_of(request.GET, day)
    found = queries.figures(scope, Kind.CASE, day, by="item", since=period.since, until=period.until)
    table = of_items(found, period)
    shown = {"table": table, "pairs": list(pairs(table)), "periods": _tabs(request, period, day)}
    return render(request, "dashboard/items.html", {**shown, "period": period})


def of_items(found: dict[str, Figures], period: Period) -> Table:
    names: dict[str, Named | str] = dict(queries.names_of_items(found))
    names[""] = gettext("企业诉求（没有对应事项）")
    base = Cut(Kind.CASE, "open", since=period.since, until=period.until)
    order = sorted(found, key=lambda code: (*_weight(found[code]), code))
    rows = [
        row(
            names.get(code, code),
            found[code],
            Cut(Kind.CASE, "open", None, code, period.since, period.until),
            COLUMNS,
        )
        for code in order
    ]
    return Table(_("各事项的办件"), _("事项"), COLUMNS, _with_whole(rows, found.values(), base))


def _weight(figures: Figures) -> tuple[int, int, int]:
    """What wants attention stands first."""
    return -figures.overdue, -figures.open, -figures.closed


def _with_whole(rows: list[Row], found: Iterable[Figures], cut: Cut) -> list[Row]:
    if len(rows) < 2:
        return rows
    whole = Figures()
    for figures in found:
        whole.merge(figures)
    return [*rows, row(_("合计"), whole, cut, COLUMNS, whole=True)]


def _tabs(request: HttpRequest, chosen: Period, day: dt.date) -> list[Tab]:
    return [
        Tab(period.label, f"{request.path}?{urlencode({'period': period.code})}", period == chosen)
        for period in periods(day)
    ]
