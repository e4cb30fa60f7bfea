"""The company lets departments supply what they hold of it, for its policies and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from qitong.kernel.words import Sentence, say
from qitong.policies import editions
from qitong.policies.factwords import source_words, value_words
from qitong.policies.logic.terms import Source
from qitong.policies.queries import Known, known_of
from qitong.policies.receiving import PURPOSE
from qitong.web.common.dates import now, shown, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal import company, own
from qitong.web.portal.policies import crumb_of


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent, the departments it names, and what they supplied under it."""

    consent: Consent
    departments: tuple[str, ...]
    facts: tuple[Sentence, ...]


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
    """Which departments may; of those that may already, what they supplied and the way to end it."""
    enterprise = company.own(request, pk)
    names = _departments()
    agreed = list(_agreed(enterprise, names))
    given = {code for one in agreed for code in one.consent.department_codes}
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
    context = {
        "form": form,
        "enterprise": enterprise,
        "agreed": agreed,
        "left": len(names) > len(given.intersection(names)),
        "all": crumb_of(enterprise),
    }
    return render(request, "portal/policy_share.html", context, status=422 if form.errors else 200)


def _departments() -> dict[str, str]:
    """Those that are here, under their names in the reader's language."""
    names = catalogue.department_names(today())
    known = set(Department.objects.values_list("code", flat=True))
    return {code: str(name) for code, name in names.items() if code in known}


def _agreed(enterprise: Enterprise, names: dict[str, str]) -> Iterator[Agreed]:
    """The consents in force, the latest first, each with what has come under it and still counts."""
    rows = Consent.objects.filter(enterprise=enterprise, purpose=PURPOSE, revoked_at=None)
    known = known_of(enterprise, editions.on_day(today()).library.fields, today())
    shared = [one for one in known.values() if one.source is Source.SHARED]
    for consent in rows.order_by("-given_at", "-pk"):
        here = tuple(names[code] for code in consent.department_codes if code in names)
        come = [one for one in shared if one.consent_id == consent.pk]
        lines = [_supplied(one, len(here) > 1) for one in sorted(come, key=lambda one: one.spec.name)]
        yield Agreed(consent, here, tuple(lines))


def _supplied(one: Known, several: bool) -> Sentence:
    """Of which day, and of ``several`` departments by which."""
    told = {"fact": one.spec.label, "value": value_words(one.spec, one.value), "day": shown(one.as_of)}
    if several:
        return say("{fact}：{value}（{source}，{day}）", **told, source=source_words(one))
    return say("{fact}：{value}（{day}）", **told)
