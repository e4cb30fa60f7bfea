"""The company's due dates on one's own phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qitong.casework.logic.terms import Side
from qitong.web.common.calendar import manage
from qitong.web.common.http import company_required


@never_cache
@company_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    return manage(request, Side.COMPANY, "common/portal.html")
