"""Deferred acceptance: choose what follows later and until when, read the letter, sign it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from qitong.accounts.queries import has_unrepaired_mark
from qitong.casework import deferral as signing
from qitong.casework.logic import deferral
from qitong.casework.logic.terms import CommitmentState
from qitong.casework.models import Case, Commitment
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, refusal_to_form
from qitong.web.portal import own
from qitong.web.portal.draft import Draft, may_defer
from qitong.web.portal.forms import CommitForm, SignForm
from qitong.web.portal.steps import MaterialLine

DAY = dt.timedelta(days=1)


def offered(draft: Draft, given: QueryDict | None = None) -> dict[str, object]:
    """The choice: which materials follow later, and until when; or why nothing can."""
    open_lines = may_defer(draft.lines)
    limit = signing.limit_on(draft.case, at=now())
    form = CommitForm(
        [(line.row.key, str(line.name)) for line in open_lines],
        first=today() + DAY,
        last=limit,
        data=given,
        initial={"keys": [line.row.key for line in open_lines], "due_on": limit},
    )
    why_not = _why_not_at_all(draft, open_lines)
    return {"defer": form, "limit": limit, "why_not": why_not, "signed": _standing(draft.case)}


def letter(request: HttpRequest, draft: Draft) -> HttpResponseBase:
    """GET asks for the day and, once both are chosen, shows the letter; POST signs that letter."""
    if not may_defer(draft.lines):
        return redirect(draft.questions[-1].href)
    given = request.POST if request.method == "POST" else request.GET
    shown = draft.shown("deferral") | offered(draft, given)
    form, limit = cast(CommitForm, shown["defer"]), cast(dt.date, shown["limit"])
    asks_day = request.GET.get("ask") == "day" and bool(given.getlist("keys"))
    sign = SignForm(own.posted(request), initial={})
    text = "" if asks_day else _letter(draft, form, limit)
    if request.method == "POST" and text and sign.is_valid() and _signed(request, draft.case, form, sign):
        return redirect(draft.questions[-1].href)
    if asks_day:
        form.errors.clear()
    shown |= {"sign": sign, "letter": text, "asks_day": asks_day, "keys": given.getlist("keys")}
    shown["chosen"] = form.cleaned_data if text else {}
    wrong = form.errors or (sign.errors if request.method == "POST" else None)
    return render(request, "portal/deferral.html", shown, status=422 if wrong else 200)


def _letter(draft: Draft, form: CommitForm, limit: dt.date) -> str:
    """The text that would be signed; empty, with the reason in the form, when it may not be."""
    if not form.is_valid():
        return ""
    papers = [line.paper for line in draft.lines]
    keys, due_on = form.cleaned_data["keys"], form.cleaned_data["due_on"]
    reason = deferral.why_not_defer(
        papers,
        keys,
        dishonest=has_unrepaired_mark(draft.case.enterprise_id),
        due_on=due_on,
        today=today(),
        limit_on=limit,
    )
    if reason:
        late = due_on <= today() or due_on > limit
        form.add_error("due_on" if late else "keys", str(reason))
        return ""
    return deferral.notice(
        company=draft.case.enterprise.name,
        item=draft.case.title,
        names=[p.name.zh for p in papers if p.key in keys],
        due_on=due_on,
        signer="＿＿＿＿＿＿",
        signed_on=today(),
    )


def _signed(request: HttpRequest, case: Case, form: CommitForm, sign: SignForm) -> bool:
    try:
        signing.commit(
            case_id=case.pk,
            keys=form.cleaned_data["keys"],
            due_on=form.cleaned_data["due_on"],
            signer_name=sign.cleaned_data["signer_name"],
            by=acting(request),
            at=now(),
        )
    except Refused as refused:
        refusal_to_form(sign if refused.field == "signer_name" else form, refused)
        return False
    return True


def _why_not_at_all(draft: Draft, open_lines: Sequence[MaterialLine]) -> Sentence:
    """Why nothing can be deferred now, whatever one chooses."""
    return deferral.why_not_defer(
        [line.paper for line in draft.lines],
        [line.row.key for line in open_lines],
        dishonest=has_unrepaired_mark(draft.case.enterprise_id),
        due_on=today() + DAY,
        today=today(),
        limit_on=today() + DAY,
    )


def _standing(case: Case) -> Commitment | None:
    """What is signed and still open."""
    return case.commitments.select_related("document").filter(state=CommitmentState.OPEN).first()
