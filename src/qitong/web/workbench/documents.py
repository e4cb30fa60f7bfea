"""A document, for officers who may see a case that uses it."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from qitong.casework import personal, queries
from qitong.datashare import documents, downloads
from qitong.datashare.models import Document
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now
from qitong.web.common.http import acting, officer_required


@never_cache
@xframe_options_sameorigin  # the page of a material shows it beside what is required
@officer_required
@require_GET
def show(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The bytes; 404 without such a case, 409 with the reason while they must not be opened."""
    actor = acting(request)
    document = Document.objects.filter(public_id=public_id).first()
    pk = document.pk if document else 0  # asked either way: nobody can tell which of the two it is
    uses = (
        Q(materials__document=pk)
        | Q(commitments__document=pk)
        | Q(certificates__document=pk)
        | Q(supplements__documents=pk)
        | Q(notes__documents=pk)
    )
    case_id = queries.visible(actor).filter(uses).values_list("pk", flat=True).order_by("pk").first()
    if document is None or case_id is None:
        raise Http404
    try:
        file = documents.open(document, actor=actor, allowed_by=f"case:{case_id}")
    except Refused as refused:
        shown = {"document": document, "refused": refused.sentence}
        return render(request, "workbench/document.html", shown, status=409)
    personal.note_opened(document=document, case_id=case_id, by=actor, at=now())
    return downloads.answer(document, file)
