"""企业需求: whom to propose something to, by where the package stands, by sector and size."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.models import Enterprise
from qitong.kernel.words import Sentence, say
from qitong.policies import editions, packages
from qitong.policies.logic.package import Stage
from qitong.policies.logic.size import SizeTable
from qitong.policies.models import ServicePackage
from qitong.policies.sector_cut import ALL, Cut, industry_of
from qitong.policies.sectors import SIZE_WORDS, division_of
from qitong.web.common.dates import today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab, Text

_TABS: tuple[tuple[str, Sentence], ...] = (
    (Stage.PROPOSED, say("待发送")),
    (Stage.SENT, say("已发送")),
    (Stage.OPENED, say("企业正在答复")),
    (Stage.SETTLED, say("企业已逐项答复")),
    ("", say("没有进行中的服务包")),
)


class CutForm(forms.Form):
    """Shown only: an address is read by ``Cut.read``."""

    sector = forms.ChoiceField(label=_("行业"), required=False)
    size = forms.ChoiceField(label=_("规模"), required=False)

    def __init__(self, cut: Cut) -> None:
        super().__init__(initial={"sector": cut.sector, "size": cut.size})
        for name, options in (("sector", cut.sectors()), ("size", cut.sizes())):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                offered = [(key, str(words)) for key, words in options]
                field.choices = [(ALL, gettext("全部")), *offered]


@dataclass(frozen=True, slots=True)
class Line:
    """A company of the list; with its package, by whom and since when."""

    enterprise: Enterprise
    sector: Text
    size: Sentence
    officer: str = ""
    at: dt.datetime | None = None


@never_cache
@officer_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The companies of one's places, page after page; the tabs keep sector and size."""
    actor = acting(request)
    asked = request.GET.get("stage", Stage.PROPOSED.value)
    stage = asked if asked in {key for key, _words in _TABS} else Stage.PROPOSED.value
    sizes = editions.on_day(today()).library.sizes
    table = sizes.table if sizes else SizeTable(())
    cut = Cut.read(request.GET.dict(), table)
    context: dict[str, object] = {
        "stage": stage,
        "tabs": [Tab(words, _address(key, cut), current=key == stage) for key, words in _TABS],
        "form": CutForm(cut),
        "filtered": cut.narrows,
        "clear": _address(stage, Cut(table)),
    }
    if stage:
        packs = page_of(request, cut.packages(packages.prepared(actor, Stage(stage))), key="pk")
        context |= {"page": packs, "lines": [_prepared(row, table) for row in packs.rows]}
    else:
        companies = cut.companies(packages.without(actor))
        found = page_of(request, companies, key="pk", newest_first=False)
        context |= {"page": found, "lines": [_without(row, table) for row in found.rows]}
    return render(request, "workbench/demand.html", context)


def _address(stage: str, cut: Cut) -> str:
    kept = {"sector": cut.sector, "size": cut.size}
    query = {"stage": stage, **{name: value for name, value in kept.items() if value}}
    return f"{reverse('workbench:demand')}?{urlencode(query)}"


def _prepared(row: ServicePackage, table: SizeTable) -> Line:
    words = SIZE_WORDS[row.size]
    return Line(row.enterprise, _sector(row.industry, table), words, row.officer.name, row.proposed_at)


def _without(row: Enterprise, table: SizeTable) -> Line:
    counted = getattr(row, "counted_as", None)
    size = counted.size if counted else ""
    return Line(row, _sector(industry_of(row), table), SIZE_WORDS[size])


def _sector(industry: str, table: SizeTable) -> Text:
    """What the size table calls it, with its division."""
    row = table.row(industry) if industry else None
    division = division_of(industry)
    return say("{name}（{code}）", name=row.name, code=division) if row else division or "–"
