"""The company's side of the notes of a case: all of them, writing one, and marking them as read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qitong.web.common import conversation
from qitong.web.common.http import company_required
from qitong.web.portal import own


@company_required
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, number: str) -> HttpResponseBase:
    case = own.case_by_number(request, number)
    form = conversation.posted(request, case) if request.method == "POST" else None
    if request.method == "POST" and form is None:
        return redirect(f"{reverse('portal:case', args=[number])}#notes")
    shown = {
        "case": case,
        "form": form,
        "thread": conversation.whole(request, case, surface="portal", form=form),
    }
    return render(request, "portal/notes.html", shown, status=422 if form else 200)


@company_required
@require_POST
def read(request: HttpRequest, number: str) -> HttpResponseBase:
    """Noted by the page itself when the notes are on the screen, or by the button. Again changes nothing."""
    conversation.mark(request, own.case_by_number(request, number))
    return redirect(f"{reverse('portal:case', args=[number])}#notes")
