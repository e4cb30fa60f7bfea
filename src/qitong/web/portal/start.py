"""Beginning: an item of the catalogue, or a need in one's own words."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qitong.casework import drafts
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import Case
from qitong.catalogue import queries as catalogue
from qitong.catalogue.logic.kinds import LABELS
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.shelf import by_stage, promised
from qitong.web.portal import own, typed
from qitong.web.portal.forms import StartForm, TellForm


@company_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """Without ``?item=``: what to choose from. With it: one button, which makes the draft."""
    code = request.POST.get("item") or request.GET.get("item", "")
    if not code:
        shelves = by_stage(catalogue.items(today()), today())
        return render(request, "portal/start.html", {"shelves": shelves})
    item = catalogue.item(code, today())
    if item is None:
        raise Http404
    form = StartForm(own.companies(request), uuid4().hex, own.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.start_application(
                enterprise_id=form.cleaned_data["enterprise"],
                item_code=code,
                client_key=form.cleaned_data["client_key"],
                by=acting(request),
                at=now(),
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            return redirect("portal:draft", draft.pk)
    spec = item.spec
    shown = {
        "form": form,
        "spec": spec,
        "name": item.label,
        "promised": promised(item.promised_days),
        "materials": [(m.name, LABELS[m.klass]) for m in spec.materials],
        "drafts": _drafts(request, code),
    }
    return render(request, "portal/start_item.html", shown, status=_status(form))


def _drafts(request: HttpRequest, code: str) -> list[Case]:
    """Begun and not handed in: offered before a second one is made."""
    return list(own.cases(request).filter(state=CaseState.DRAFT, item_version__code=code)[:5])


@typed.outlives_the_login
@company_required
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest) -> HttpResponseBase:
    """A need in one's own words becomes the draft of a request."""
    form = TellForm(own.companies(request), uuid4().hex, own.posted(request))
    if request.method == "GET" and (before := typed.again(request)):
        form.initial["title"] = before.get("title", "")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft = drafts.start_request(
                enterprise_id=given["enterprise"],
                client_key=given["client_key"],
                by=acting(request),
                at=now(),
            )
            if own.is_editable(draft) and draft.title != given["title"]:
                title = {"title": given["title"]}
                drafts.save_fields(case_id=draft.pk, values=title, by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            return redirect("portal:draft", draft.pk)
    open_drafts = own.cases(request).filter(state=CaseState.DRAFT, kind="request")[:5]
    return render(request, "portal/tell.html", {"form": form, "drafts": open_drafts}, status=_status(form))


def _status(form: StartForm) -> int:
    return 422 if form.errors else 200
