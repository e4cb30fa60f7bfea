"""Behind every figure: the list of exactly those cases or tasks that it counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.insight import queries
from qitong.insight.queries import Cut
from qitong.web.common.counting import capped
from qitong.web.common.dates import today
from qitong.web.common.http import acting
from qitong.web.common.paging import page_of
from qitong.web.dashboard.cuts import KINDS, WORDS, read
from qitong.web.dashboard.door import looker_required
from qitong.web.dashboard.lines import lines


@never_cache
@looker_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    day, cut = today(), read(request.GET)
    listed = queries.listed(queries.scope_of(acting(request)), cut, day)
    rows, key, newest_first = queries.in_order(listed, cut.what)
    page = page_of(request, rows, key=key, newest_first=newest_first)
    return render(
        request,
        "dashboard/cases.html",
        {
            "kind": cut.kind.value,
            "kinds": KINDS[cut.kind],
            "what": WORDS[cut.what],
            "narrowed": _narrowed(cut),
            "count": capped(listed),
            "page": page,
            "lines": lines(page.rows, cut.kind, day),
        },
    )


def _narrowed(cut: Cut) -> str:
    """Which department, which item, which months: what the figure was cut by."""
    parts = []
    if cut.department is not None:
        found = queries.names_of_departments([cut.department]).get(cut.department)
        parts.append(str(found.label) if found else gettext("没有这个部门"))
    if cut.item is not None:
        name = queries.names_of_items([cut.item]).get(cut.item) if cut.item else None
        parts.append(str(name) if name else gettext("企业诉求"))
    if cut.what in queries.OF_MONTHS and cut.since is not None and cut.until is not None:
        first, last = f"{cut.since:%Y-%m}", f"{cut.until:%Y-%m}"
        both = gettext("%(first)s至%(last)s") % {"first": first, "last": last}
        parts.append(first if first == last else both)
    return gettext("，").join(parts)
