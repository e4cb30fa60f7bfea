"""Who of the office looked at the company's people and files in one case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from qitong.casework import personal
from qitong.datashare.models import Document
from qitong.web.common import looks
from qitong.web.common.http import company_required, number_of
from qitong.web.common.parts import Crumb
from qitong.web.portal import own


@company_required
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    case = own.case_to_name(request, number)
    found = personal.looks(case, before=number_of(request.GET.get("before", "")), limit=looks.SIZE + 1)
    wanted = {entry.facts["document"] for entry in found if "document" in entry.facts}
    papers = Document.objects.filter(enterprise_id=case.enterprise_id, public_id__in=wanted)
    names = {str(public_id): name for public_id, name in papers.values_list("public_id", "name")}
    shown = {
        "layout": "common/portal.html",
        "title": gettext("谁看过我们的个人信息"),
        "rows": looks.looks(found[: looks.SIZE], names),
        "older": f"?before={found[looks.SIZE - 1].number}" if len(found) > looks.SIZE else "",
        "back": Crumb(str(case.number), reverse("portal:case", args=[number])),
    }
    return render(request, "common/looks.html", shown)
