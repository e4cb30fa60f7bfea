"""Where the button that shows what is masked is posted to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from qitong.casework import personal
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now
from qitong.web.common.http import acting, officer_required, refusal_to_form, safe_next
from qitong.web.workbench.cases import render_case
from qitong.web.workbench.personal import WhyForm
from qitong.web.workbench.places import place_of


@officer_required
@require_POST
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Show this officer the personal data of one case for a while; refused, the page says why."""
    place = place_of(request, number)
    try:
        _show(request, place.case)
    except Refused as refused:
        form = WhyForm(request.POST, auto_id="why-%s")
        refusal_to_form(form, refused)
        return render_case(request, place, asked=form)
    return redirect(safe_next(request) or f"{reverse('workbench:case', args=[number])}#facts")


def _show(request: HttpRequest, case: Case) -> None:
    personal.show(case=case, reason=request.POST.get("reason", ""), by=acting(request), at=now())
