"""The officers' side of the notes of a case: all of them, writing one, and marking them as read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qitong.casework import queries
from qitong.casework.models import Case
from qitong.web.common import conversation
from qitong.web.common.http import acting, officer_required
from qitong.web.workbench.personal import asking_for


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number)
    form = conversation.posted(request, case) if request.method == "POST" else None
    if request.method == "POST" and form is None:
        return redirect(_back(number))
    shown = {
        "case": case,
        "asking": asking_for(request, case),
        "form": form,
        "thread": conversation.whole(request, case, surface="workbench", form=form),
    }
    return render(request, "workbench/notes.html", shown, status=422 if form else 200)


@officer_required
@require_POST
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Noted by the page itself when the notes are on the screen, or by the button. Again changes nothing."""
    conversation.mark(request, _case(request, number))
    return redirect(_back(number))


def _case(request: HttpRequest, number: str) -> Case:
    found = queries.find(acting(request), number=number)
    if found is None:
        raise Http404
    return found


def _back(number: str) -> str:
    return f"{reverse('workbench:case', args=[number])}#notes"
