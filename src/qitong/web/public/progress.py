"""Progress by number, for whoever holds the number: the stage and dates, nothing else."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.casework import queries

# A number read from paper comes with blanks, in small letters, with long dashes or none.
_PLAIN = re.compile(r"[^0-9A-Z]")
_PARTS = re.compile(r"(QT\d\d)([0-9A-Z]{4})([0-9A-Z]{4})")
LONGEST = 60


def tidy(typed: str) -> str:
    """``qt26 7k3m x2pq`` → ``QT26-7K3M-X2PQ``; what does not look like a number stays as it is."""
    plain = _PLAIN.sub("", typed.upper())
    found = _PARTS.fullmatch(plain)
    return "-".join(found.groups()) if found else plain


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """The form; with ``?number=`` it leads to the address that stands in the QR code too."""
    typed = request.GET.get("number", "")[:LONGEST]
    if number := tidy(typed):
        return redirect("public:stage", number)
    empty = "number" in request.GET
    return render(request, "public/progress.html", {"empty": empty}, status=422 if empty else 200)


@never_cache
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Not for search engines: a number is a key."""
    found = queries.progress(tidy(number[:LONGEST]))
    shown = {"progress": found, "number": tidy(number[:LONGEST])}
    answer = render(request, "public/stage.html", shown, status=200 if found else 404)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
