"""The chain of one case: every entry with its hash, and whether the chain is whole."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.queries import OfficerBehind
from qitong.casework import queries
from qitong.ledger.queries import timeline
from qitong.ledger.verify import verify
from qitong.web.common.http import acting, number_of, officer_required
from qitong.web.common.parts import Crumb
from qitong.web.workbench.people import actor_name

SIZE = 100


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Oldest first, as the chain is built; for whoever may see the case."""
    case = queries.visible(acting(request)).filter(number=number).first()
    if case is None:
        raise Http404
    verdict = verify(stream=case.stream)
    after = request.GET.get("after", "")
    start = number_of(after)
    found = timeline(case.stream, after=start, limit=SIZE, name=OfficerBehind("by"))
    return render(
        request,
        "workbench/ledger.html",
        {
            "case": case,
            "crumbs": (
                Crumb(_("办件"), reverse("workbench:inbox")),
                Crumb(case.number or "", reverse("workbench:case", args=[case.number])),
                Crumb(_("台账")),
            ),
            "verdict": verdict,
            "entries": [(entry, actor_name(entry.by, entry.name)) for entry in found.entries],
            "next": f"?after={found.after}" if found.after else "",
        },
    )
