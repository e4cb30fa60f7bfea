"""What a company does to a case under way: answer, bring, confirm, withdraw, reopen. One page each."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from qitong.casework import deferral, delivery, intake, permissions, supplements
from qitong.casework.logic.flow import Deed
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal import own, steps
from qitong.web.portal.forms import AnswerForm, FileForm, ReopenForm, WithdrawForm

Form = AnswerForm | FileForm | ReopenForm | WithdrawForm


def _sent(request: HttpRequest, form: Form, deed: Callable[[], object]) -> bool:
    """Whether the form was sent, right, and the deed done; a refusal stays in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except Refused as refused:
        refusal_to_form(form, refused, file="documents" if "documents" in form.fields else "file")
        return False
    return True


def _page(request: HttpRequest, template: str, form: Form, **shown: object) -> HttpResponse:
    return render(request, template, {"form": form, **shown}, status=422 if form.errors else 200)


def _why_not(request: HttpRequest, deed: Deed, case: Case) -> object:
    return permissions.why_not(acting(request), deed, case)


@company_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponseBase:
    case = own.case_by_number(request, number)
    form = WithdrawForm(own.posted(request))

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return intake.withdraw(case_id=case.pk, reason=reason, by=acting(request), at=now())

    if _sent(request, form, deed):
        messages.success(request, gettext("已撤回。材料仍为企业保留，以后办事可以再用。"))
        return redirect("portal:case", number)
    why_not = _why_not(request, Deed.WITHDRAW, case)
    return _page(request, "portal/withdraw.html", form, case=case, why_not=why_not)


@company_required
@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponseBase:
    """The company has what it asked for. Again changes nothing."""
    case = own.case_by_number(request, number)
    try:
        delivery.confirm(case_id=case.pk, by=acting(request), at=now())
    except Refused as refused:
        if case.closed_at is None:
            messages.error(request, str(refused))
    else:
        messages.success(request, gettext("已确认办结。证照和材料随时可以在这里下载。"))
    return redirect("portal:case", number)


@company_required
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, number: str) -> HttpResponseBase:
    case = own.case_by_number(request, number)
    form = ReopenForm(own.posted(request))

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return delivery.reopen(case_id=case.pk, reason=reason, by=acting(request), at=now())

    if _sent(request, form, deed):
        messages.success(request, gettext("已转回相关部门重新办理，首问负责人不变。"))
        return redirect("portal:case", number)
    until = delivery.reopen_until(case)
    shown = {
        "case": case,
        "until": until,
        "late": until is not None and until < today(),
        "why_not": _why_not(request, Deed.REOPEN, case),
    }
    return _page(request, "portal/reopen.html", form, **shown)


@company_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Answer what a department asked; its clock runs on from the same day."""
    case = own.case_by_number(request, number)
    asked = case.supplements.select_related("task__department").filter(pk=pk).first()
    if asked is None:
        raise Http404
    if asked.answered_at is not None:
        return redirect("portal:case", number)
    bound = own.posted(request)
    form = AnswerForm(bound, request.FILES if bound is not None else None)

    def deed() -> object:
        files = [(file.name, file) for file in form.cleaned_data["documents"]]
        text = form.cleaned_data["answer"]
        return supplements.answer(supplement_id=pk, text=text, files=files, by=acting(request), at=now())

    if _sent(request, form, deed):
        messages.success(request, gettext("已答复，部门当天继续办理。"))
        return redirect("portal:case", number)
    why_not = _why_not(request, Deed.ANSWER_SUPPLEMENT, case)
    return _page(request, "portal/supplement.html", form, case=case, asked=asked, why_not=why_not)


@company_required
@require_http_methods(["GET", "POST"])
def cure(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """Bring a material that was promised for later, or again one that was found wanting."""
    case = own.case_by_number(request, number)
    line = next((found for found in steps.material_lines(case) if found.row.key == key), None)
    if line is None:
        raise Http404
    if not line.is_owed:
        return redirect("portal:case", number)
    bound = own.posted(request)
    form = FileForm(bound, request.FILES if bound is not None else None)

    def deed() -> object:
        file = form.cleaned_data["file"]
        return deferral.cure(
            case_id=case.pk, key=key, file=file, name=file.name, by=acting(request), at=now()
        )

    if _sent(request, form, deed):
        messages.success(request, gettext("已保存：%(name)s") % {"name": line.name})
        return redirect("portal:case", number)
    return _page(request, "portal/cure.html", form, case=case, line=line)
