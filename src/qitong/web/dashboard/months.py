"""Month against month: what came in, what was closed and how, for twelve months or a year."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.insight import queries
from qitong.insight.logic.figures import Figures, months_back
from qitong.insight.logic.terms import Kind
from qitong.insight.queries import Cut
from qitong.web.common.dates import today
from qitong.web.common.http import acting
from qitong.web.common.parts import Tab, Text
from qitong.web.dashboard import charts
from qitong.web.dashboard.cells import RESULTS, Column, Table, counted, pairs, row
from qitong.web.dashboard.door import looker_required

COLUMNS = (Column(_("收到"), counted("in")), *RESULTS, Column(_("其他结束"), counted("ended")))
YEARS = 3
"""This year and the two before it can be chosen."""


@never_cache
@looker_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    day = today()
    year = _year(request.GET.get("year", ""), day)
    months = months_of(year, day)
    scope = queries.scope_of(acting(request))
    found = queries.figures(scope, Kind.CASE, day, by="day", since=months[0], until=months[-1])
    table = table_of(found, months)
    shown: dict[str, Any] = {"table": table, "pairs": list(pairs(table)) if found else []}
    past = [_tab(day.year - n, year, str(day.year - n)) for n in range(YEARS)]
    shown |= {"years": [_tab(None, year, _("近12个月")), *past], "chart": charts.of_months(found, months)}
    return render(request, "dashboard/months.html", shown)


def months_of(year: int | None, day: dt.date) -> list[dt.date]:
    """The first days of the months, oldest first; never one that has not begun."""
    if year is None:
        return [months_back(day, n) for n in range(11, -1, -1)]
    return [month for n in range(1, 13) if (month := dt.date(year, n, 1)) <= day]


def table_of(found: dict[dt.date, Figures], months: list[dt.date]) -> Table:
    """Newest first, and everything together."""
    whole = Figures()
    rows = []
    for month in reversed(months):
        figures = found.get(month, Figures())
        whole.merge(figures)
        cut = Cut(Kind.CASE, "open", since=month, until=month)
        rows.append(row(charts.short(month), figures, cut, COLUMNS))
    every = Cut(Kind.CASE, "open", since=months[0], until=months[-1])
    rows.append(row(_("合计"), whole, every, COLUMNS, whole=True))
    return Table(_("各月的办件"), _("月份"), COLUMNS, rows)


def _year(text: str, day: dt.date) -> int | None:
    return next((day.year - n for n in range(YEARS) if text == str(day.year - n)), None)


def _tab(year: int | None, chosen: int | None, label: Text) -> Tab:
    return Tab(label, f"?{urlencode({'year': year or ''})}", year == chosen)
