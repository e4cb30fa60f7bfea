"""The inbox: the cases in an officer's scope, the most urgent first, filtered by links that can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Case as Case_
from django.db.models import Count, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor
from qitong.casework import queries
from qitong.casework.lights import shines
from qitong.casework.logic.flow import CASE_STATE_WORDS, OPEN_STATES, CaseState
from qitong.casework.logic.light import COLOUR_WORDS, Colour
from qitong.casework.models import Case, Participant, Task
from qitong.catalogue.calendar import current
from qitong.kernel.words import Named
from qitong.web.common.dates import shown, today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab
from qitong.web.workbench.page import title_of
from qitong.web.workbench.people import names_of

SCOPES = {"mine": _("我的"), "department": _("本部门"), "all": _("全部")}
OPEN, ANY = "open", "any"
LIGHTS = (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.PAUSED, Colour.DONE)


class FilterForm(forms.Form):
    """What the list is cut by. An unknown value is as none, so that an old link still opens."""

    q = forms.CharField(
        label=_("编号或企业名称"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(label=_("状态"), required=False)
    light = forms.ChoiceField(label=_("灯"), required=False)
    item = forms.ChoiceField(label=_("事项"), required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(s.value, str(CASE_STATE_WORDS[s])) for s in CaseState if s is not CaseState.DRAFT]
        self._offer("state", [(OPEN, gettext("在办")), (ANY, gettext("全部状态")), *states])
        colours = [(c.value, str(COLOUR_WORDS[c])) for c in LIGHTS]
        self._offer("light", [("", gettext("全部")), *colours])
        self._offer("item", [("", gettext("全部")), ("request", gettext("诉求")), *items])

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = options

    def chosen(self) -> dict[str, str]:
        """The valid values; the rest is left out."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


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
    actor = acting(request)
    scope = request.GET.get("scope", "mine")
    scope = scope if scope in SCOPES else "mine"
    listed = queries.listed(actor).exclude(submitted_at=None)
    visible = listed.select_related(None).prefetch_related(None).order_by()
    given = {"state": OPEN, **request.GET.dict()}
    form = FilterForm(given, items=_items(visible))
    chosen = form.chosen()
    rows = _cut(listed, actor, scope, chosen)
    urgent = chosen.get("state", OPEN) in OPEN_STATES or chosen.get("state", OPEN) == OPEN
    page = page_of(request, rows, key="due" if urgent else "submitted_at", newest_first=not urgent, size=25)
    summaries = queries.summaries(page.rows, today=today())
    shown_rows = [Line(s, title_of(s.case), shown(s.ball), getattr(s.case, "due", None)) for s in summaries]
    return render(
        request,
        "workbench/inbox.html",
        {
            "form": form,
            "scope": scope,
            "tabs": _tabs(visible, actor, scope, chosen),
            "page": page,
            "rows": shown_rows,
            "filtered": any(value for key, value in chosen.items() if value != OPEN),
            "clear": f"?{urlencode({'scope': scope})}",
            "stands_in_for": list(names_of(actor.stands_in_for).values()),
        },
    )


def _items(visible: QuerySet[Case]) -> list[tuple[str, str]]:
    """The items of the cases one may see, and no others."""
    found = visible.exclude(item_version=None).order_by("item_version__code")
    names = found.values_list("item_version__code", "item_version__name_zh", "item_version__name_en")
    return [(code, str(Named(zh, en))) for code, zh, en in names.distinct()]


def belongs(actor: Actor, scope: str) -> Q:
    """Mine: I own it, help with it or hold a task of it (or stand in for who does)."""
    people = {*actor.stands_in_for, *({actor.user_id} if actor.user_id else set())}
    departments = actor.departments()
    if scope == "mine":
        return (
            Q(owner_id__in=people)
            | Q(pk__in=Participant.objects.filter(user_id__in=people).values("case_id"))
            | Q(pk__in=Task.objects.filter(assignee_id__in=people).values("case_id"))
        )
    if scope == "department":
        at_work = Task.objects.filter(department_id__in=departments).values("case_id")
        return Q(window_id__in=departments) | Q(pk__in=at_work)
    return Q()


def _due() -> Case_:
    """The next date that was promised: the reply before acceptance, the result after it."""
    unaccepted = When(accepted_at=None, then="plan_due_on")
    return Case_(unaccepted, default=Coalesce("promise_due_on", "plan_due_on"))


def _cut(rows: QuerySet[Case], actor: Actor, scope: str, chosen: dict[str, str]) -> QuerySet[Case]:
    rows = rows.filter(belongs(actor, scope)).annotate(due=_due())
    state = chosen.get("state", OPEN)
    if state == OPEN:
        rows = rows.filter(state__in=OPEN_STATES)
    elif state != ANY:
        rows = rows.filter(state=state)
    if light := chosen.get("light"):
        rows = rows.filter(shines(Colour(light), calendar=current(), today=today()))
    if item := chosen.get("item"):
        rows = rows.filter(item_version=None) if item == "request" else rows.filter(item_version__code=item)
    if text := chosen.get("q", "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(enterprise__name__icontains=text))
    return rows


def _tabs(visible: QuerySet[Case], actor: Actor, scope: str, chosen: dict[str, str]) -> list[Tab]:
    """Each tab keeps the filters; the number is of what is open."""
    counts = visible.filter(state__in=OPEN_STATES).aggregate(
        **{name: Count("pk", filter=belongs(actor, name)) for name in ("mine", "department")},
        all=Count("pk"),
    )
    home = reverse("workbench:inbox")
    kept = {key: value for key, value in chosen.items() if value != OPEN}
    return [
        Tab(label, f"{home}?{urlencode({'scope': name, **kept})}", name == scope, counts[name])
        for name, label in SCOPES.items()
    ]
