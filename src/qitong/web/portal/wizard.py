"""The first steps of a draft: need, contact, facts; and saving as one types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qitong.accounts.actors import Actor
from qitong.casework import drafts, queries
from qitong.casework.models import Case
from qitong.catalogue import queries as catalogue
from qitong.kernel.errors import Refused
from qitong.web.common.dates import SHANGHAI, now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal import answers, own, steps
from qitong.web.portal.forms import ContactForm, FactsForm, NeedForm


@dataclass(slots=True)
class Draft:
    """A draft with its steps, as each page of the wizard needs it."""

    case: Case
    lines: Sequence[steps.MaterialLine]
    steps: Sequence[steps.Step]

    def shown(self, key: str, **more: object) -> dict[str, object]:
        return {"case": self.case, "place": steps.place(self.steps, key), **more}

    def after(self, key: str) -> HttpResponseBase:
        return redirect(steps.after(self.steps, key).href)


def opened(request: HttpRequest, pk: int) -> Draft:
    """The draft (or file to be corrected) behind an address, read anew."""
    case = own.case_by_pk(request, pk)
    lines = steps.material_lines(case)
    return Draft(case, lines, steps.steps_of(case, lines, today()))


def on_draft(view: Callable[[HttpRequest, Draft], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that change a draft: once it is handed in, they lead to the case instead."""

    def guarded(request: HttpRequest, pk: int) -> HttpResponseBase:
        draft = opened(request, pk)
        if not own.is_editable(draft.case):
            return redirect("portal:case", draft.case.number)
        return view(request, draft)

    guarded.__name__, guarded.__doc__ = view.__name__, view.__doc__
    return guarded


def keep(case: Case, values: Mapping[str, str], *, by: Actor, at: dt.datetime) -> None:
    """Save what differs from what is kept; all or nothing."""
    facts = case.form.get("facts", {})
    changed = {}
    for field, value in values.items():
        fact = field.removeprefix("fact.")
        kept = facts.get(fact, "") if field.startswith("fact.") else case.form.get(field, "")
        if str(kept) != value:
            changed[field] = value
    if changed:
        drafts.save_fields(case_id=case.pk, values=changed, by=by, at=at)


@company_required
@require_GET
def resume(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where one left off."""
    draft = opened(request, pk)
    if not own.is_editable(draft.case):
        return redirect("portal:case", draft.case.number)
    return redirect(steps.first_open(draft.case, draft.steps, draft.lines).href)


@company_required
@require_http_methods(["GET", "POST"])
@on_draft
def need(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """The request itself, with what might already have been answered or belongs elsewhere."""
    form = NeedForm(own.posted(request), initial=draft.case.form)
    if _kept(request, draft, form):
        return draft.after("need")
    text = f"{draft.case.form.get('title', '')} {draft.case.form.get('description', '')}"
    shown = draft.shown("need", form=form, hints=catalogue.intake_hints(text, today()))
    shown["repeats"] = queries.repeats(draft.case) if text.strip() else []
    return render(request, "portal/need.html", shown, status=_status(form))


@company_required
@require_http_methods(["GET", "POST"])
@on_draft
def contact(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    form = ContactForm(own.posted(request), initial=draft.case.form)
    if _kept(request, draft, form):
        return draft.after("contact")
    earlier = queries.earlier_cases(draft.case, limit=5)
    shown = draft.shown("contact", form=form, earlier=earlier)
    return render(request, "portal/contact.html", shown, status=_status(form))


@company_required
@require_http_methods(["GET", "POST"])
@on_draft
def facts(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """What the item's conditions ask; an answer that raises another question brings the page back."""
    case, specs = draft.case, steps.questions(draft.case, today())
    if not specs or case.item_version is None:
        return draft.after("contact")
    form = FactsForm(specs, case.form.get("facts", {}), own.posted(request))
    if _kept(request, draft, form):
        fresh = opened(request, case.pk)
        more = {s.code for s in steps.questions(fresh.case, today())} - {s.code for s in specs}
        return redirect("portal:facts", case.pk) if more else fresh.after("facts")
    known = answers.about(case.item_version.spec, catalogue.facts(today()))
    given = answers.all_typed(known, case.form.get("facts", {}))
    shown = draft.shown("facts", form=form, doubt=answers.doubt(case.item_version.spec, known, given))
    return render(request, "portal/facts.html", shown, status=_status(form))


def _kept(request: HttpRequest, draft: Draft, form: NeedForm | ContactForm | FactsForm) -> bool:
    """Whether the form was sent, right, and is now kept."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        keep(draft.case, form.cleaned_data, by=acting(request), at=now())
    except Refused as refused:
        refusal_to_form(form, refused)
        return False
    return True


@company_required
@require_POST
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """One field as it is typed: found again on another device."""
    case = own.case_by_pk(request, pk)
    field = request.POST.get("field", "")
    value = request.POST.get("value", "")
    at = now()
    try:
        keep(case, {field: value}, by=acting(request), at=at)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"saved_at": f"{timezone.localtime(at, SHANGHAI):%H:%M}"})


def _status(form: NeedForm | ContactForm | FactsForm) -> int:
    return 422 if form.errors else 200
