"""The receipt: what was handed in, who answers for it, and what happens by when."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qitong.web.common.http import company_required
from qitong.web.portal import own, steps


@company_required
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponseBase:
    case = own.case_by_number(request, number)
    if case.submitted_at is None:
        raise Http404
    lines = steps.material_lines(case)
    shown = {
        "case": case,
        "stored": [line for line in lines if line.row.document is not None],
        "missing": [line for line in lines if line.row.document is None and not line.is_coming],
        "coming": [line for line in lines if line.is_coming],
        "url": request.build_absolute_uri(reverse("public:stage", args=[case.number])),
    }
    return render(request, "portal/receipt.html", shown)
