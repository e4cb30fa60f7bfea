"""The company lets departments supply what they hold of it, for its policies and for nothing else."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qitong.accounts.models import Department, Enterprise
from qitong.catalogue import queries as catalogue
from qitong.datashare import consents
from qitong.datashare.models import Consent
from qitong.kernel.errors import Refused
from qitong.policies.receiving import PURPOSE
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal import company, own
from qitong.web.portal.policies import crumb_of


class ShareForm(forms.Form):
    department_codes = forms.MultipleChoiceField(
        label=_("授权哪些部门"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个部门。"), "invalid_choice": _("请从列表中选择。")},
    )

    def __init__(self, names: dict[str, str], data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["department_codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(names.items())


@company_required
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which departments may; those that may already are named, and their consent ends where all do."""
    enterprise = company.own(request, pk)
    names, given = _departments(), _given(enterprise)
    form = ShareForm({c: n for c, n in names.items() if c not in given}, own.posted(request))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["department_codes"]
        try:
            consents.give(
                enterprise_id=pk, purpose=PURPOSE, department_codes=chosen, by=acting(request), at=now()
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("已授权。部门提供数据后，会重新判断能享受哪些政策。"))
            return redirect("portal:policies_of", pk)
    shown = {
        "form": form,
        "enterprise": enterprise,
        "given": [names[code] for code in names if code in given],
        "left": len(names) > len(given.intersection(names)),
        "all": crumb_of(enterprise),
    }
    return render(request, "portal/policy_share.html", shown, status=422 if form.errors else 200)


def _departments() -> dict[str, str]:
    """Those that are here, under their names in the reader's language."""
    names = catalogue.department_names(today())
    known = set(Department.objects.values_list("code", flat=True))
    return {code: str(name) for code, name in names.items() if code in known}


def _given(enterprise: Enterprise) -> set[str]:
    rows = Consent.objects.filter(enterprise=enterprise, purpose=PURPOSE, revoked_at=None)
    return {code for codes in rows.values_list("department_codes", flat=True) for code in codes}
