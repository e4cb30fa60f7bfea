"""A company brings its new licence: the window takes over what it says."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from qitong.accounts.company import correct_licence
from qitong.accounts.models import Enterprise
from qitong.accounts.permissions import Deed, why_not
from qitong.kernel import uscc as codes
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence
from qitong.web.common.dates import now
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, officer_required, refusal_to_form


class CodeForm(forms.Form):
    uscc = line_of_text(
        _("统一社会信用代码"), missing=_("请填写统一社会信用代码。"), hint=_("见新执照。"), longest=40
    )

    def clean_uscc(self) -> str:
        code = codes.normalise(str(self.cleaned_data["uscc"]))
        if reason := codes.why_not(code):
            raise forms.ValidationError(str(reason), code="uscc")
        if not Enterprise.objects.filter(uscc=code).exists():
            raise forms.ValidationError(_("没有以这个代码注册的企业。"), code="unknown")
        return code


class LicenceForm(forms.Form):
    name = line_of_text(_("企业名称"), missing=_("请填写企业名称。"))
    legal_representative = line_of_text(_("法定代表人"), missing=_("请填写法定代表人。"), longest=100)
    address = line_of_text(_("住所"), missing=_("请填写住所。"), longest=300)


@officer_required
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Type the code of the licence."""
    if reason := why_not(acting(request), Deed.CORRECT_LICENCE):
        return _closed(request, reason)
    form = CodeForm(request.GET if "uscc" in request.GET else None)
    if form.is_valid():
        return redirect("workbench:licence", form.cleaned_data["uscc"])
    status = 422 if form.errors else 200
    return render(request, "workbench/licence_find.html", {"form": form}, status=status)


def _closed(request: HttpRequest, reason: Sentence) -> HttpResponse:
    """Why not, and nothing about a company: not even whether there is one of that code."""
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/licence_find.html", {"why_not": reason}, status=status)


@officer_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, uscc: str) -> HttpResponse:
    """What is kept, to be made what the licence says."""
    if reason := why_not(acting(request), Deed.CORRECT_LICENCE):
        return _closed(request, reason)
    enterprise = get_object_or_404(Enterprise, uscc=uscc)
    kept = {name: getattr(enterprise, name) for name in ("name", "legal_representative", "address")}
    form = LicenceForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            correct_licence(enterprise=enterprise, **form.cleaned_data, by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("已按新执照更正。"))
            return redirect("workbench:licence", uscc)
    shown = {"form": form, "enterprise": enterprise}
    return render(request, "workbench/licence.html", shown, status=422 if form.errors else 200)
