"""The materials of a draft: what is asked, and the deeds by which each is brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from qitong.accounts.actors import Actor
from qitong.casework import drafts, sharing
from qitong.casework.logic.terms import MaterialState
from qitong.casework.models import Case
from qitong.datashare import documents, reuse
from qitong.datashare.models import Document
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.web.common.dates import now
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.parts import Task, TaskState
from qitong.web.portal import own
from qitong.web.portal.draft import Draft, opened
from qitong.web.portal.forms import FileForm, PlainForm
from qitong.web.portal.steps import MaterialLine

DEEDS = frozenset({"upload", "generate", "reuse", "authorise", "remove"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A material in the form: a line that leads to its page, and on wide screens all its deeds."""

    line: MaterialLine
    task: Task
    form: FileForm
    kept: Document | None
    lender: Named | str


def listed(draft: Draft) -> dict[str, object]:
    """All materials at a glance; the next one missing is the way on."""
    case = draft.case
    wanted = [line.row.key for line in draft.lines if line.row.source != "generated"]
    offers = reuse.offers(case.enterprise_id, wanted)
    names = draft.catalogue.department_names
    following = next((line for line in draft.lines if _is_open(line)), None)
    return {
        "entries": [
            Entry(
                line,
                _task(case, line),
                FileForm(auto_id=f"id_{line.row.key}_%s"),
                _other(offers.get(line.row.key), line),
                names.get(line.spec.from_department, line.spec.from_department),
            )
            for line in draft.lines
        ],
        "following": following,
        "onwards": draft.questions[-1].href if following else draft.after("materials").href,
    }


def _other(kept: Document | None, line: MaterialLine) -> Document | None:
    return kept if kept is not None and kept.pk != line.row.document_id else None


def _is_open(line: MaterialLine) -> bool:
    return line.row.state in (MaterialState.MISSING, MaterialState.REJECTED) and not line.is_coming


def _task(case: Case, line: MaterialLine) -> Task:
    state = TaskState.DONE if line.is_in else TaskState.TODO
    if line.row.state == MaterialState.DEFERRED or line.is_coming:
        state = TaskState.DOING
    said = line.state if line.is_coming else line.row.document.name if line.row.document else line.meaning
    return Task(
        line.name, state, reverse("portal:material", args=[case.pk, line.row.key]), f"{line.klass} · {said}"
    )


@company_required
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """One material: upload it, have it generated or shared, use again what is kept, or take it off."""
    draft = opened(request, pk)
    line = next((found for found in draft.lines if found.row.key == key), None)
    if line is None:
        raise Http404
    if not own.is_editable(draft.case):
        return redirect("portal:case", draft.case.number)
    deed = _deed(request)
    upload = deed == "upload"
    form = FileForm(request.POST, request.FILES) if upload else FileForm()
    plain = PlainForm(own.posted(request))
    if request.method == "POST" and _done(request, draft, line, form if upload else plain, deed):
        return _next(request, draft, line, deed)
    shown = draft.shown("materials", line=line, form=form, plain=plain, **_around(draft, line))
    wrong = form.errors or plain.errors
    return render(request, "portal/material.html", shown, status=422 if wrong else 200)


def _around(draft: Draft, line: MaterialLine) -> dict[str, object]:
    kept = reuse.find(draft.case.enterprise_id, line.row.key) if line.row.source != "generated" else None
    names = draft.catalogue.department_names
    return {
        "kept": _other(kept, line),
        "lender": names.get(line.spec.from_department, line.spec.from_department),
        "here": reverse("portal:material", args=[draft.case.pk, line.row.key]),
        "unusable": documents.why_unusable(line.row.document) if line.row.document else "",
        "position": list(draft.lines).index(line) + 1,
        "count": len(draft.lines),
    }


def _deed(request: HttpRequest) -> str:
    """What the button said. A file that came is an upload, whatever else the form says or leaves out;
    and what is no deed is one without its file, so that nothing is called saved that was not."""
    if request.method != "POST":
        return ""
    said = request.POST.get("deed", "")
    return "upload" if "file" in request.FILES or said not in DEEDS else said


def _done(
    request: HttpRequest, draft: Draft, line: MaterialLine, form: FileForm | PlainForm, deed: str
) -> bool:
    """Do what the button said; a refusal stands at the file, or on top."""
    if not form.is_valid():
        return False
    file = request.FILES.get("file")
    try:
        _act(draft.case.pk, line.row.key, deed, file, by=acting(request), at=now())
    except Refused as refused:
        refusal_to_form(form, refused)
        return False
    return True


def _act(
    case_id: int, key: str, deed: str, file: UploadedFile[bytes] | None, *, by: Actor, at: dt.datetime
) -> None:
    if deed == "upload" and file is not None:
        content = cast(BinaryIO, file.file)
        drafts.attach(case_id=case_id, key=key, file=content, name=file.name or "", by=by, at=at)
    elif deed == "generate":
        drafts.generate(case_id=case_id, key=key, by=by, at=at)
    elif deed == "reuse":
        drafts.reuse_known(case_id=case_id, key=key, by=by, at=at)
    elif deed == "authorise":
        sharing.authorise(case_id=case_id, keys=[key], by=by, at=at)
    elif deed == "remove":
        drafts.detach(case_id=case_id, key=key, by=by, at=at)


def _next(request: HttpRequest, draft: Draft, line: MaterialLine, deed: str) -> HttpResponseBase:
    """After one material the next that is missing; a form just generated is shown to be read."""
    whole = "whole" in request.POST
    if deed in ("remove", "generate") and not whole:
        return redirect("portal:material", draft.case.pk, line.row.key)
    messages.success(request, gettext("已保存：%(name)s") % {"name": line.name})
    if whole:
        return redirect(f"{reverse('portal:materials', args=[draft.case.pk])}#m-{line.row.key}")
    start = list(draft.lines).index(line) + 1
    following = next((found for found in draft.lines[start:] if _is_open(found)), None)
    if following is not None:
        return redirect("portal:material", draft.case.pk, following.row.key)
    return redirect("portal:materials", draft.case.pk)
