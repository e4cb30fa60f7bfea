"""By department and by item: the same figures, cut two ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
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
from qitong.web.dashboard import charts
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
    names = {pk: one.label for pk, one in queries.names_of_departments(found).items()}
    chart = charts.of_departments(found, names)
    return _shown(request, "departments", of_departments(found, names, period), period, chart)


def of_departments(found: dict[int, Figures], names: Mapping[int, Named], period: Period) -> Table:
    base = Cut(Kind.TASK, "open", since=period.since, until=period.until)
    order = sorted(found, key=lambda pk: (*_weight(found[pk]), pk))
    rows = [row(names[pk], found[pk], replace(base, department=pk), COLUMNS) for pk in order]
    return Table(_("各部门的任务"), _("部门"), COLUMNS, _with_whole(rows, found.values(), base))


@never_cache
@looker_required
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Cases by what was asked for."""
    day, scope = today(), queries.scope_of(acting(request))
    period = period_of(request.GET, day)
    found = queries.figures(scope, Kind.CASE, day, by="item", since=period.since, until=period.until)
    names: dict[str, Named | str] = {code: code for code in found} | queries.names_of_items(found)
    names[""] = gettext("企业诉求（没有对应事项）")
    return _shown(request, "items", of_items(found, names, period), period, charts.of_items(found, names))


def of_items(found: dict[str, Figures], names: Mapping[str, Named | str], period: Period) -> Table:
    base = Cut(Kind.CASE, "open", since=period.since, until=period.until)
    order = sorted(found, key=lambda code: (*_weight(found[code]), code))
    rows = [row(names[code], found[code], replace(base, item=code), COLUMNS) for code in order]
    return Table(_("各事项的办件"), _("事项"), COLUMNS, _with_whole(rows, found.values(), base))


def _shown(
    request: HttpRequest, page: str, table: Table, period: Period, chart: charts.Chart | None
) -> HttpResponse:
    shown = {"table": table, "pairs": list(pairs(table)), "periods": _tabs(request, period), "chart": chart}
    return render(request, f"dashboard/{page}.html", shown)


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


def _tabs(request: HttpRequest, chosen: Period) -> list[Tab]:
    return [
        Tab(period.label, f"{request.path}?{urlencode({'period': period.code})}", period == chosen)
        for period in periods(today())
    ]
