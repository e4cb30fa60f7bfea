"""A stored document, for members of the enterprise it belongs to."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qitong.datashare import documents, downloads, queries
from qitong.kernel.errors import Refused
from qitong.web.common.http import acting, company_required


@company_required
@require_GET
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    actor = acting(request)
    found = queries.by_public_id(actor, public_id)
    if found is None:
        raise Http404
    try:
        content = documents.open(found, actor=actor)
    except Refused as refused:
        return _refused(request, refused)
    return downloads.answer(found, content)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return render(request, "portal/file_refused.html", {"why": refused.sentence}, status=409)
