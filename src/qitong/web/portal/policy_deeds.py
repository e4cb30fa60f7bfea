"""What a company does with a policy: apply, say that it is not for it, take that back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies import applying, suitability
from qitong.policies.logic.package import Thing
from qitong.policies.logic.terms import REASONS
from qitong.web.common.dates import now
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.parts import Crumb
from qitong.web.portal import company, own
from qitong.web.portal.policies import crumb, mine_of


class UnsuitableForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("为什么不适合"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一个原因。"), "invalid_choice": _("请从列表中选择。")},
    )
    note = forms.CharField(
        label=_("补充说明"),
        help_text=_("选“其他原因”时请写明。"),
        required=False,
        max_length=suitability.MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["reason"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(reason.value, str(words)) for reason, words in REASONS.items()]


@company_required
@require_POST
def apply(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """One tap to a draft with everything known filled in; a second tap leads to the same draft."""
    company.own(request, pk)
    try:
        case = applying.apply(enterprise_id=pk, policy=code, by=acting(request), at=now())
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from None
        messages.error(request, str(refused))
        return redirect("portal:policy", pk, code)
    messages.success(request, gettext("已开好申请草稿，填好了已知的内容。核对后提交。"))
    return redirect("portal:draft", case.pk)


@company_required
@require_http_methods(["GET", "POST"])
def unsuitable(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    mine = mine_of(request, pk)
    match = mine.match(code)
    if match is None:
        raise Http404
    name = Named(match.entry.policy.name.zh, match.entry.policy.name.en)
    form = UnsuitableForm(own.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            suitability.declare(
                enterprise_id=pk,
                thing=Thing.POLICY,
                code=code,
                **form.cleaned_data,
                by=acting(request),
                at=now(),
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("不再提示“%(name)s”。随时可以改回来。") % {"name": name})
            return redirect("portal:policies_of", pk)
    back = Crumb(name, reverse("portal:policy", args=[pk, code]))
    shown = {"form": form, "name": name, "all": crumb(mine), "back": back}
    return render(request, "portal/policy_unsuitable.html", shown, status=422 if form.errors else 200)


@company_required
@require_POST
def suitable(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Propose it again."""
    mine = mine_of(request, pk)
    if mine.match(code) is None:
        raise Http404
    suitability.take_back(enterprise_id=pk, thing=Thing.POLICY, code=code, by=acting(request), at=now())
    messages.success(request, gettext("已恢复提示这项政策。"))
    return redirect("portal:policy", pk, code)
