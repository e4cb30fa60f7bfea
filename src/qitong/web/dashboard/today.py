"""Today: the few numbers that matter, and what is red or yellow, most urgent first, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.insight import queries
from qitong.insight.logic.figures import Figures
from qitong.insight.logic.terms import Kind
from qitong.insight.queries import Cut
from qitong.web.common.dates import today
from qitong.web.common.http import acting
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab, Text
from qitong.web.dashboard.cells import percent
from qitong.web.dashboard.cuts import address
from qitong.web.dashboard.door import looker_required
from qitong.web.dashboard.lines import lines


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number with its word; ``note`` says of how many."""

    label: Text
    number: str
    note: str = ""
    href: str = ""
    tone: str = ""

    @property
    def in_words(self) -> bool:
        """No number after all."""
        return not any(letter.isdigit() for letter in self.number)


@never_cache
@looker_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    actor, day = acting(request), today()
    scope = queries.scope_of(actor)
    kind = Kind.TASK if request.GET.get("kind") == Kind.TASK else Kind.CASE
    month = day.replace(day=1)
    whole = queries.whole(scope, Kind.CASE, day, month, month)
    cut = Cut(kind, "urgent")
    page = page_of(request, queries.listed(scope, cut, day), key="deadline", newest_first=False)
    return render(
        request,
        "dashboard/today.html",
        {
            "day": day,
            "tiles": tiles(whole, Cut(Kind.CASE, "open", since=month, until=month)),
            "tabs": [_tab(one, kind) for one in Kind],
            "kind": kind.value,
            "page": page,
            "lines": lines(page.rows, kind, day),
            "in_place_of": _in_place_of(actor),
        },
    )


def _in_place_of(actor: Actor) -> list[str]:
    """The absent whose view this is today too; asks nothing for everybody else."""
    if not actor.in_place_of:
        return []
    return list(User.objects.filter(pk__in=actor.stands_in_for).order_by("pk").values_list("name", flat=True))


def tiles(whole: Figures, cut: Cut) -> list[Tile]:
    """Overdue, due this week, open, and how many of this month's were on time."""
    on_time = Tile(_("本月按时办结率"), gettext("没有数据"))
    if whole.closed:
        said = gettext("办结%(whole)s件，其中按时%(part)s件") % {
            "whole": f"{whole.closed:,}",
            "part": f"{whole.on_time:,}",
        }
        on_time = Tile(
            _("本月按时办结率"), percent(whole.on_time, whole.closed), said, address(cut.of("closed"))
        )
    late, soon = ("red" if whole.overdue else ""), ("amber" if whole.week else "")
    return [
        Tile(_("超期办件"), f"{whole.overdue:,}", "", address(cut.of("overdue")), late),
        Tile(_("本周内到期"), f"{whole.week:,}", "", address(cut.of("week")), soon),
        Tile(_("在办办件"), f"{whole.open:,}", _paused(whole), address(cut.of("open"))),
        on_time,
    ]


def _paused(whole: Figures) -> str:
    return gettext("其中%(n)s件暂停计时") % {"n": f"{whole.paused:,}"} if whole.paused else ""


def _tab(kind: Kind, chosen: Kind) -> Tab:
    label = pgettext("tab", "企业办件") if kind is Kind.CASE else pgettext("tab", "部门任务")
    return Tab(label, f"{reverse('dashboard:today')}?{urlencode({'kind': kind.value})}", kind is chosen)
