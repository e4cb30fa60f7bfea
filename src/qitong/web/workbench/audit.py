"""The auditor's page: the whole ledger, by who, what and when. There is nothing to press here but search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

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
from qitong.kernel.masking import mask_text
from qitong.ledger.models import Entry
from qitong.ledger.queries import search, texts_of
from qitong.web.common.dates import SHANGHAI, shown
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.workbench.people import actor_name

SIZE = 50
SHOWN_FACTS = 8
LONGEST_FACT = 80
OPEN_TEXTS = frozenset({"reason"})
# What a kind begins with, as the ledger writes it, and the word for it; below it kinds to be had alone.
AREAS = {
    "personal_data": _("个人信息"),
    "personal_data.shown": _("个人信息：显示"),
    "personal_data.opened": _("个人信息：打开文件"),
    "personal_data.erased": _("个人信息：删除"),
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
    area = forms.ChoiceField(label=_("种类"), required=False)  # or one kind of it
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
        kind=asked.get("area", ""),
        since=_midnight(asked.get("since")),
        until=_midnight(until + dt.timedelta(days=1) if until else None),
    ).annotate(name=OfficerBehind("by"))
    page = page_of(request, found, key="at", size=SIZE)
    rows = [(row, actor_name(row.by, vars(row)["name"] or ""), _facts(row)) for row in page.rows]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "sentence": _in_words(asked),
        "query": urlencode({name: value for name, value in asked.items() if value}),
    }
    return render(request, "workbench/audit.html", context, status=422 if form.errors else 200)


def _in_words(asked: Mapping[str, Any]) -> str:
    """What is looked for, as a sentence to send to a colleague; empty for everything."""
    day = {name: shown(asked[name]) for name in ("since", "until") if asked.get(name)}
    parts = (
        gettext("%(who)s所做的") % {"who": asked["who"]} if asked.get("who") else "",
        gettext("种类是“%(kind)s”") % {"kind": AREAS[asked["area"]]} if asked.get("area") else "",
        gettext("从%(day)s起") % {"day": day["since"]} if "since" in day else "",
        gettext("到%(day)s为止") % {"day": day["until"]} if "until" in day else "",
    )
    return gettext("，").join(filter(None, parts))


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time(), SHANGHAI)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    """What the entry says, cut; of personal texts only that there is one, but why somebody looked."""
    facts, texts = [], texts_of(entry)
    for name, value in list(entry.body.items())[:SHOWN_FACTS]:
        if name not in texts:
            text = mask_text(_said(value))
        elif name in OPEN_TEXTS and entry.kind.startswith("personal_data."):
            text = mask_text(texts[name].value) or gettext("（已按规定删除）")
        else:
            text = gettext("（个人信息，另存）")
        facts.append((name, text if len(text) <= LONGEST_FACT else f"{text[:LONGEST_FACT]}…"))
    return facts


def _said(value: object) -> str:
    """As people write it: no brackets, no quotes."""
    if isinstance(value, list):
        return gettext("、").join(map(_said, value))
    if isinstance(value, dict):
        return gettext("、").join(f"{name} {_said(one)}" for name, one in value.items())
    return "–" if value is None else str(value)
