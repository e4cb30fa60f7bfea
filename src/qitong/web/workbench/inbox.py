"""The inbox: the cases in an officer's scope, cut by a filter that is an address and a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor
from qitong.casework import lists, queries, saved_filters
from qitong.casework.logic.filters import (
    ANY,
    DUE_WORDS,
    LIGHTS,
    OPEN,
    REQUEST,
    SORT_WORDS,
    Filter,
    Scope,
    Sort,
)
from qitong.casework.logic.flow import CASE_STATE_WORDS, CaseState
from qitong.casework.logic.light import COLOUR_WORDS
from qitong.casework.models import SavedFilter
from qitong.catalogue.calendar import current
from qitong.kernel.words import Named
from qitong.kernel.workdays import Calendar
from qitong.web.common.counting import MOST
from qitong.web.common.counting import shown as said
from qitong.web.common.dates import shown, today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab
from qitong.web.workbench.bulk import bulk_bar

SCOPES = {Scope.MINE: pgettext_lazy("cases", "我的"), Scope.DEPARTMENT: _("本部门"), Scope.ALL: _("全部")}
SIZE = 25
BULK = ("helper", "hand", "remind", "remind-company")


class FilterForm(forms.Form):
    """What the list is cut by; it is only shown, for an address is read by ``Filter.read``."""

    q = forms.CharField(
        label=_("编号、企业或写过的话"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )
    state = forms.ChoiceField(label=_("状态"))
    item = forms.ChoiceField(label=_("事项"))
    due = forms.ChoiceField(label=_("期限"))
    sort = forms.ChoiceField(label=_("排序"))
    unread = forms.BooleanField(
        label=_("企业有新留言"), required=False, widget=forms.CheckboxInput({"value": "1"})
    )
    light = forms.MultipleChoiceField(label=_("灯"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, chosen: Filter, items: lists.Items) -> None:
        super().__init__(
            initial={
                "q": chosen.text,
                "state": chosen.state,
                "item": chosen.item,
                "due": chosen.due or "",
                "sort": chosen.sort or (Sort.DUE if chosen.by_due else Sort.RECEIVED),
                "unread": chosen.unread,
                "light": list(chosen.lights),
            }
        )
        states = [(s.value, str(CASE_STATE_WORDS[s])) for s in CaseState if s is not CaseState.DRAFT]
        named = [(code, str(name)) for code, name in items.items()]
        everything = ("", gettext("全部"))
        self._offer("state", [(OPEN, gettext("在办")), (ANY, gettext("全部状态")), *states])
        self._offer("item", [everything, (REQUEST, gettext("诉求")), *named])
        self._offer("due", [everything, *((due.value, str(word)) for due, word in DUE_WORDS.items())])
        self._offer("sort", [(sort.value, str(word)) for sort, word in SORT_WORDS.items()])
        self._offer("light", [(colour.value, str(COLOUR_WORDS[colour])) for colour in LIGHTS])

    def _offer(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        field.required = False
        if isinstance(field, forms.ChoiceField):
            field.choices = list(options)


class Cut(TypedDict):
    calendar: Calendar
    today: dt.date


@dataclass(frozen=True, slots=True)
class Line:
    """One case as a row."""

    summary: queries.Summary
    title: Named | str
    ball: str
    due: object


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The list; without any parameter, as the officer's default filter shows it."""
    actor = acting(request)
    saved = saved_filters.own(actor)
    if not request.GET and (default := next((row for row in saved if row.is_default), None)):
        return redirect(f"{reverse('workbench:inbox')}?{default.query}")
    items = lists.items_seen(actor)
    chosen = _known(Filter.read(dict(request.GET.lists())), items)
    names, tabs, calendar, few = _standing(actor, chosen)
    cut: Cut = {"calendar": calendar, "today": (day := today())}
    rows = lists.cut(queries.as_rows(lists.handed_in(actor)), actor, chosen, **cut)
    page = page_of(
        request,
        rows,
        key="due" if chosen.by_due else "submitted_at",
        newest_first=not chosen.by_due,
        size=SIZE,
        apart=lists.cut_apart(actor, chosen, **cut) if few else (),
    )
    shown_rows = [
        Line(s, s.case.label, shown(s.ball), getattr(s.case, "due", None))
        for s in queries.summaries(queries.with_work(page.rows), today=day, calendar=calendar)
    ]
    context = {
        "form": FilterForm(chosen, items),
        "scope": chosen.scope,
        "tabs": tabs,
        "page": page,
        "rows": shown_rows,
        **bulk_bar(request, BULK),
        "stands_in_for": names,
    }
    return render(request, "workbench/inbox.html", context | _said(chosen, items, saved))


def _known(chosen: Filter, items: lists.Items) -> Filter:
    """An item one may not see, or that is no more, is as none."""
    return chosen if not chosen.item or chosen.item in (REQUEST, *items) else replace(chosen, item="")


def _said(chosen: Filter, items: lists.Items, saved: list[SavedFilter]) -> dict[str, Any]:
    """The filter in words, and what can be done with it."""
    query = chosen.query()
    return {
        "sentence": chosen.sentence(items.get(chosen.item, "")),
        "query": query,
        "filtered": not chosen.is_plain,
        "clear": f"?{Filter(scope=chosen.scope).query()}",
        "saved": [(row, row.query == query) for row in saved],
        "kept": any(row.query == query for row in saved),
    }


def _standing(actor: Actor, chosen: Filter) -> tuple[list[str], list[Tab], Calendar, bool]:
    """Whom one stands in for, the tabs with what is open in each, the calendar in use: one query.

    Each tab keeps the filter. At last whether the scope holds so few cases that they are looked up
    rather than come across.
    """
    found = lists.standing(actor, most=MOST)
    tabs = []
    for scope, label in SCOPES.items():
        href = f"{reverse('workbench:inbox')}?{replace(chosen, scope=scope).query()}"
        tabs.append(Tab(label, href, scope is chosen.scope, said(found[0][scope.value])))
    names = [row["name"] for row in found if row["pk"] != actor.user_id]
    return names, tabs, current(found[0]["newest"]), found[0][chosen.scope.value] <= MOST
