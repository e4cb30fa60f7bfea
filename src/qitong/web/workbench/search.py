"""Search over every case in an officer's scope: a page of results, and a few of them for the palette."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.casework import finding
from qitong.casework.logic.finding import Asked, Piece, ask
from qitong.kernel.errors import Refused
from qitong.web.common.finding import found_cases, results, rows
from qitong.web.common.http import acting, officer_required

FEW = 8


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """What was found, newest first. An exact number leads straight to its case."""
    text = request.GET.get("q", "").strip()
    if not text:
        return render(request, "workbench/search.html", {"q": ""})
    try:
        asked = ask(text)
    except Refused as refused:
        shown = {"q": text[:100], "refused": refused}
        return render(request, "workbench/search.html", shown, status=422)
    if (case := finding.by_number(acting(request), text)) is not None:
        return redirect("workbench:case", case.number)
    found = results(request, acting(request), asked) if asked.words else None
    return render(request, "workbench/search.html", {"q": text, "asked": asked, "found": found})


@never_cache
@officer_required
@require_GET
def few(request: HttpRequest) -> JsonResponse:
    """The newest hits, as the palette shows them while one types."""
    try:
        asked = ask(request.GET.get("q", ""))
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse(_answer(request, asked) if asked.words else {"count": 0, "cases": []})


def _answer(request: HttpRequest, asked: Asked) -> dict[str, object]:
    hits = finding.find(acting(request), asked)
    return {
        "count": hits.count,
        "cases": [
            {
                "url": reverse("workbench:case", args=[row.summary.case.number]),
                "number": _pieces(row.number),
                "title": _pieces(row.title),
                "company": _pieces(row.company),
                "why": [_pieces(one.pieces) for one in row.why[:1]],
                "state": str(row.summary.state),
            }
            for row in rows(found_cases(acting(request), hits.ids[:FEW]), asked, acting(request))
        ],
    }


def _pieces(pieces: list[Piece]) -> list[tuple[str, bool]]:
    return [(piece.text, piece.hit) for piece in pieces]
