"""A policy that there is not yet: begun as a sheet, empty or copied from another, or as a whole text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies import drafting, editions, unfinished
from qitong.policies.drafting import NotWhole
from qitong.web.common.dates import now, today
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.parts import Crumb
from qitong.web.workbench.policies import editors_only
from qitong.web.workbench.policy_drafts import TextForm
from qitong.web.workbench.policy_sheet_read import typed_of
from qitong.web.workbench.policy_sheet_typed import empty


class NewForm(TextForm):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class BeginForm(forms.Form):
    """``source``: the policy that is copied, ``-`` for none."""

    source = forms.ChoiceField(
        label=_("从哪里开始"),
        error_messages={"required": _("请选择从哪里开始。"), "invalid_choice": _("请选择从哪里开始。")},
    )
    code = line_of_text(
        _("新政策的代码"),
        missing=_("请填写新政策的代码。"),
        hint=_("小写英文字母、数字和下划线，如 green_share；以后不能改。"),
        longest=60,
        autocapitalize="none",
        spellcheck="false",
    )

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        entries = editions.on_day(today()).library.entries
        names = [(code, Named(it.policy.name.zh, it.policy.name.en)) for code, it in entries.items()]
        source = self.fields["source"]
        if isinstance(source, forms.ChoiceField):
            source.choices = [
                ("-", gettext("一张空表")),
                *((code, gettext("照抄：%(name)s") % {"name": name}) for code, name in names),
            ]


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """What one may begin with, and what one has begun."""
    editors_only(request)
    begin, text = BeginForm(), NewForm()
    problems: tuple[Any, ...] = ()
    if request.method == "POST" and "text" in request.POST:
        text = NewForm(request.POST)
        if text.is_valid():
            try:
                made = drafting.begin_new(text=text.cleaned_data["text"], by=acting(request), at=now())
            except Refused as refused:
                refusal_to_form(text, refused)
                problems = refused.problems if isinstance(refused, NotWhole) else ()
            else:
                messages.success(request, gettext("草稿已保存，例子全部通过。"))
                return redirect("workbench:policy-draft", made.code)
    elif request.method == "POST":
        begin = BeginForm(request.POST)
        if begin.is_valid() and (answer := _begun(request, begin)):
            return answer
    context = {
        "begin": begin,
        "form": text,
        "problems": problems,
        "begun": unfinished.begun(acting(request)),
        "back": Crumb(_("政策"), reverse("workbench:policies")),
    }
    wrong = begin.errors or text.errors
    return render(request, "workbench/policy_new.html", context, status=422 if wrong else 200)


def _begun(request: HttpRequest, form: BeginForm) -> HttpResponse | None:
    source = editions.on_day(today()).library.entries.get(form.cleaned_data["source"])
    typed = empty() if source is None else typed_of(source.policy.canonical())
    try:
        row = unfinished.begin(code=form.cleaned_data["code"], typed=typed, by=acting(request), at=now())
    except Refused as refused:
        refusal_to_form(form, refused)
        return None
    return redirect("workbench:policy-new-sheet", row.code)


__all__ = ["show"]
