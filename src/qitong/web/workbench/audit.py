"""The auditor's page: the whole ledger, by who, what and when. There is nothing to press here but search."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.logic.logins import normalised
from qitong.accounts.models import User
from qitong.accounts.permissions import Deed, why_not
from qitong.accounts.queries import OfficerBehind
from qitong.ledger.models import Entry
from qitong.ledger.queries import search
from qitong.web.common.dates import SHANGHAI
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.workbench.people import actor_name

SIZE = 50
SHOWN_FACTS = 8
LONGEST_FACT = 80
# What a kind begins with, as the ledger writes it, and the word for it.
AREAS = {
    "login": _("登录"),
    "second_factor": _("动态码"),
    "identity": _("统一登录"),
    "visit": _("以他人账号查看"),
    "user": _("用户"),
    "role": _("角色"),
    "member": _("企业人员"),
    "token": _("接口令牌"),
    "organisation": _("组织机构"),
    "catalogue": _("事项目录"),
    "case": _("办件"),
    "task": _("任务"),
    "document": _("材料"),
    "export": _("导出"),
    "absence": _("请假"),
    "enterprise": _("企业"),
    "ledger": _("台账"),
}


class SearchForm(forms.Form):
    who = forms.CharField(
        label=_("办理人"),
        required=False,
        max_length=100,
        help_text=_("登录名，或台账里的代号，如user:7、system:sweep。"),
    )
    area = forms.ChoiceField(label=_("种类"), required=False)
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到（含当天）"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(area := self.fields["area"], forms.ChoiceField):
            area.choices = [("", gettext("全部")), *((key, str(word)) for key, word in AREAS.items())]
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = gettext("请填写日期，如2026-11-23。")

    def clean_who(self) -> str:
        """As the ledger names them; a login is somebody's or nobody's."""
        typed = str(self.cleaned_data["who"]).strip()
        if not typed or ":" in typed or typed == "visitor":
            return typed
        found = User.objects.filter(login=normalised(typed)).first()
        if found is None:
            raise forms.ValidationError(gettext("没有这个登录名。"), code="who")
        return found.ref


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Entries of all streams, latest first."""
    if why_not(acting(request), Deed.READ_AUDIT):
        raise PermissionDenied
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    until = asked.get("until")
    found = search(
        by=asked.get("who", ""),
        area=asked.get("area", ""),
        since=_midnight(asked.get("since")),
        until=_midnight(until + dt.timedelta(days=1) if until else None),
    ).annotate(name=OfficerBehind("by"))
    page = page_of(request, found, key="at", size=SIZE)
    rows = [(row, actor_name(row.by, vars(row)["name"] or ""), _facts(row)) for row in page.rows]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "workbench/audit.html", context, status=422 if form.errors else 200)


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time(), SHANGHAI)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    """What the entry says, cut; of personal texts only that there is one."""
    facts = []
    for name, value in list(entry.body.items())[:SHOWN_FACTS]:
        is_text = isinstance(value, dict) and value.keys() == {"digest", "text"}
        text = gettext("（个人信息，另存）") if is_text else _said(value)
        facts.append((name, text if len(text) <= LONGEST_FACT else f"{text[:LONGEST_FACT]}…"))
    return facts


def _said(value: object) -> str:
    """As people write it: no brackets, no quotes."""
    if isinstance(value, list):
        return gettext("、").join(map(_said, value))
    if isinstance(value, dict):
        return gettext("、").join(f"{name} {_said(one)}" for name, one in value.items())
    return "–" if value is None else str(value)
