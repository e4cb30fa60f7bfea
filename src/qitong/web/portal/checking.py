"""Check your answers, and hand in: a draft, or a file that was sent back for correction."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from qitong.casework import drafts, intake, queries, sharing
from qitong.casework.intake import FIELD_WORDS
from qitong.casework.logic.deferral import coming, must_have, to_bring
from qitong.casework.logic.flow import CaseKind, CaseState
from qitong.casework.models import Case
from qitong.catalogue import queries as catalogue
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say
from qitong.web.common import answers
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.parts import Row
from qitong.web.common.shelf import promised
from qitong.web.portal import own
from qitong.web.portal.draft import Draft, on_draft, opened, unfilled
from qitong.web.portal.forms import PlainForm
from qitong.web.portal.steps import MaterialLine
from qitong.web.portal.wizard import doubt

LABELS = {
    "title": _("需求"),
    "description": _("具体情况"),
    "contact_name": _("联系人"),
    "contact_phone": _("联系电话"),
}


@company_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything on one page, what is missing in full, and the button. Sent twice it is one case."""
    draft = opened(request, pk)
    case = draft.case
    if not own.is_editable(case):
        return redirect("portal:receipt" if request.method == "POST" else "portal:case", case.number)
    form = PlainForm(own.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("portal:receipt", _hand_in(request, case).number)
        except Refused as refused:
            refusal_to_form(form, refused)
    return render(request, "portal/check.html", _shown(draft, form), status=422 if form.errors else 200)


def _hand_in(request: HttpRequest, case: Case) -> Case:
    if case.state == CaseState.CORRECTION:
        return intake.answer_correction(case_id=case.pk, by=acting(request), at=now())
    return intake.submit(case_id=case.pk, by=acting(request), at=now())


def _shown(draft: Draft, form: PlainForm) -> dict[str, object]:
    case, papers, ways = draft.case, [line.paper for line in draft.lines], _ways(draft)
    core = [p for p in must_have(papers) if not p.is_coming]
    text = f"{case.form.get('title', '')} {case.form.get('description', '')}"
    kept = draft.catalogue.promises
    request_kind = case.kind == CaseKind.REQUEST
    shown = draft.shown("check", form=form, rows=list(_rows(draft)), lines=draft.lines)
    return shown | {
        "core_missing": core,
        "later_missing": [p for p in to_bring(papers) if p not in core],
        "coming": coming(papers),
        "sharable": _sharable(draft),
        "unfilled": [(FIELD_WORDS[name], ways[name]) for name in unfilled(case)],
        "correcting": case.state == CaseState.CORRECTION,
        "contact_days": kept.request_contact if request_kind else kept.application_contact,
        "reply_days": kept.request_plan if request_kind else kept.application_acceptance,
        "promised": promised(_promised_days(case, kept.resolution())),
        "hints": catalogue.intake_hints(text, today()) if request_kind else (),
        "repeats": queries.repeats(case) if request_kind else [],
        "doubt": doubt(draft),
    }


def _sharable(draft: Draft) -> list[tuple[MaterialLine, Named]]:
    """What departments hold and could supply, each with the department."""
    names = draft.catalogue.department_names
    lines = [line for line in draft.lines if line.is_sharable]
    return [(line, names[code]) for line in lines if (code := line.spec.from_department) in names]


@company_required
@require_POST
@on_draft
def authorise(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """Let the departments that hold the chosen materials supply them."""
    keys = request.POST.getlist("keys")
    try:
        sharing.authorise(case_id=draft.case.pk, keys=keys, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("已授权。提交后由首问负责人向部门获取，不需要您提供。"))
    return redirect("portal:check", draft.case.pk)


def _promised_days(case: Case, for_requests: int) -> int:
    if case.item_version is None:
        return for_requests
    spec = case.item_version.spec
    return spec.in_variant(str(case.form.get("facts", {}).get(spec.variant_fact, ""))).promised_days


def _ways(draft: Draft) -> dict[str, str]:
    """Where each question is asked."""
    return {question.key: question.anchor for question in draft.questions}


def _rows(draft: Draft) -> Iterator[Row]:
    """What was filled in, each line with the way back to it."""
    case, ways = draft.case, _ways(draft)
    yield Row(_("企业"), f"{case.enterprise.name} {case.enterprise.uscc}")
    for name, label in LABELS.items():
        if name in ways:
            yield Row(label, str(case.form.get(name, "")) or say("未填写"), ways[name])
    for spec in draft.facts:
        given = case.form.get("facts", {}).get(spec.code)
        said = say("{given}", given=answers.shown(spec, given))
        if given not in (None, "") and answers.typed(spec, given) is None:
            said = say("“{given}”不是数字，请更正", given=str(given))
        yield Row(spec.name, said, ways[f"fact.{spec.code}"])


@company_required
@require_POST
@on_draft
def discard(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """Give a draft up."""
    try:
        drafts.discard(case_id=draft.case.pk, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:check", draft.case.pk)
    messages.success(request, gettext("草稿已放弃。上传过的文件仍为企业保留，以后办事可以再用。"))
    return redirect("portal:home")
