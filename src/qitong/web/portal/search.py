"""A company's search over its own cases: the officers' search, within its own scope."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qitong.casework import finding
from qitong.casework.logic.finding import ask
from qitong.kernel.errors import Refused
from qitong.web.common.finding import results
from qitong.web.common.http import acting


def show(request: HttpRequest) -> HttpResponse:
    """What was found, newest first; an exact number leads straight to its case."""
    actor, text = finding.of_companies(acting(request)), request.GET["q"].strip()
    try:
        asked = ask(text)
    except Refused as refused:
        return render(request, "portal/search.html", {"q": text[:100], "refused": refused}, status=422)
    if (case := finding.by_number(actor, text)) is not None:
        return redirect("portal:case", case.number)
    found = results(request, actor, asked) if asked.words else None
    return render(request, "portal/search.html", {"q": text, "found": found})
