"""The form of a draft: one page on a wide screen, one question at a time on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from qitong.casework import drafts, queries
from qitong.casework.logic.flow import CaseKind
from qitong.catalogue import queries as catalogue
from qitong.web.common import answers
from qitong.web.common.dates import today
from qitong.web.common.http import company_required
from qitong.web.portal import deferral, materials, own, saving, typed
from qitong.web.portal.draft import FIELDS, Draft, Part, Question, on_draft, opened
from qitong.web.portal.forms import ContactForm, FactsForm, NeedForm


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with its field. ``was`` is what is kept; ``other``, at a clash, what others wrote."""

    question: Question
    bound: BoundField
    was: str
    clash: bool = False
    other: object = ""
    is_at: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form on the page; ``form`` is None for what is more than fields."""

    part: Part
    is_at: bool
    action: str = ""
    form: BaseForm | None = None
    asks: tuple[Ask, ...] = ()


@company_required
@require_GET
def resume(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where one left off."""
    draft = opened(request, pk)
    if not own.is_editable(draft.case):
        return redirect("portal:case", draft.case.number)
    return redirect(draft.first_open().anchor)


@company_required
@require_GET
@on_draft
def overview(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """All materials at a glance."""
    return _there(request, draft, "materials")


@company_required
@require_http_methods(["GET", "POST"])
@on_draft
def commitment(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """What may follow later: choosing is a part of the form, the letter a page of its own."""
    if request.method == "POST" or "keys" in request.GET or "due_on" in request.GET:
        return deferral.letter(request, draft)
    return _there(request, draft, "deferral")


def _there(request: HttpRequest, draft: Draft, key: str) -> HttpResponseBase:
    at = draft.find(key)
    return page(request, draft, at) if at else redirect(draft.questions[-1].href)


@typed.outlives_the_login
@company_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """One question, or the part it belongs to: shown, or kept and gone on from."""
    draft = opened(request, pk)
    if not own.is_editable(draft.case):
        return redirect("portal:case", draft.case.number)
    at = draft.find(key)
    if at is None or at.key != key or at.part not in (*FIELDS, "facts"):
        return redirect((at or draft.first_open()).anchor)
    if request.method == "POST":
        form = form_of(draft, at.part, request.POST)
        if not saving.take(request, draft, at, form):
            return page(request, opened(request, pk), at, form)
        return redirect(opened(request, pk).after(key, whole_part="part" in request.POST).anchor)
    return page(request, draft, at, again=typed.again(request))


def form_of(
    draft: Draft, part: str, data: QueryDict | None = None, again: QueryDict | None = None
) -> BaseForm:
    """The fields of one part; ``again`` is what was typed before and not kept."""
    case = draft.case
    if part == "facts":
        form: BaseForm = FactsForm(draft.facts, case.form.get("facts", {}), data)
    else:
        form = {"need": NeedForm, "contact": ContactForm}[part](data, initial=case.form)
    for name in form.fields:
        if again and name in again:
            form.initial = {**form.initial, name: again[name]}
    return form


def page(
    request: HttpRequest,
    draft: Draft,
    at: Question,
    bound: BaseForm | None = None,
    *,
    again: QueryDict | None = None,
) -> HttpResponseBase:
    """All parts, with ``at`` as the question of a phone; ``bound`` is its part as it was sent."""
    shown = draft.shown(at.key, at=at, form=bound, again=again)
    shown["sections"] = [_section(draft, part, at, bound, again) for part in draft.parts]
    keys = {part.key for part in draft.parts}
    if draft.case.kind == CaseKind.REQUEST:
        shown |= _hints(draft)
    if "facts" in keys:
        shown["doubt"] = doubt(draft)
    if "materials" in keys:
        shown |= materials.listed(draft)
    if "deferral" in keys:
        shown |= deferral.offered(draft)
    return render(
        request, "portal/form.html", shown, status=422 if bound is not None and bound.errors else 200
    )


def _section(
    draft: Draft, part: Part, at: Question, bound: BaseForm | None, again: QueryDict | None
) -> Section:
    here = at.part == part.key
    if part.key not in (*FIELDS, "facts"):
        return Section(part, here)
    form = bound if here and bound is not None else form_of(draft, part.key, again=again if here else None)
    action = at.href if here else part.questions[0].href
    return Section(part, here, action, form, tuple(_asks(draft, part, at, form, again)))


def _asks(draft: Draft, part: Part, at: Question, form: BaseForm, again: QueryDict | None) -> Iterator[Ask]:
    specs = {f"fact.{spec.code}": spec for spec in draft.facts}
    for one in part.questions:
        if one.key not in form.fields:
            continue
        was = drafts.answer_of(draft.case, one.key)
        clash = form.is_bound and form.has_error(one.key, saving.ELSEWHERE)
        other = (answers.shown(specs[one.key], was) if one.key in specs else was) if clash else ""
        before = again.get(f"was.{one.key}", was) if again else was
        yield Ask(one, form[one.key], before, clash, other, is_at=one.key == at.key)


def doubt(draft: Draft) -> object:
    """A word of caution when the answers say that the item is not needed."""
    version = draft.case.item_version
    if version is None:
        return ""
    given = answers.all_typed(draft.known, draft.case.form.get("facts", {}))
    return answers.doubt(version.spec, draft.known, given)


def _hints(draft: Draft) -> dict[str, object]:
    """What may belong elsewhere, may have been asked before, and what the company did earlier."""
    case = draft.case
    text = f"{case.form.get('title', '')} {case.form.get('description', '')}"
    return {
        "hints": catalogue.intake_hints(text, today()),
        "repeats": queries.repeats(case) if text.strip() else [],
        "earlier": queries.earlier_cases(case, limit=5),
    }
