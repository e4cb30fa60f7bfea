"""The company's consents to sharing: what was allowed, to whom, for what, and the way to end it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from qitong.catalogue import queries as catalogue
from qitong.datashare import consents, queries
from qitong.datashare.models import Consent
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.policies.receiving import PURPOSE
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, safe_next
from qitong.web.common.paging import page_of

PURPOSES = {PURPOSE: say("匹配惠企政策")}
"""Those that the program words itself; others name what was applied for."""
_ENDED = {
    True: gettext_noop("授权已撤销。部门提供的数据不再用来判断政策，清单已按其余情况重新判断。"),
    False: gettext_noop("授权已撤销。还没有获取的材料，请由企业提供。"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """One consent with the names of those it was given to."""

    consent: Consent
    departments: tuple[Named | str, ...]
    purpose: Sentence | str


@company_required
@require_GET
def listing(request: HttpRequest) -> HttpResponseBase:
    actor, names = acting(request), catalogue.department_names(today())
    page = page_of(request, queries.consents_of(actor), key="given_at")
    rows = [
        Given(
            consent,
            tuple(names.get(code, code) for code in consent.department_codes),
            PURPOSES.get(consent.purpose, consent.purpose),
        )
        for consent in page.rows
    ]
    return render(request, "portal/consents.html", {"rows": rows, "page": page})


@company_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From now on nothing more is fetched under it; a second click changes nothing."""
    actor = acting(request)
    if not Consent.objects.filter(pk=pk, enterprise_id__in=actor.enterprise_ids).exists():
        raise Http404
    try:
        consent = consents.revoke(pk, by=actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext(_ENDED[consent.purpose == PURPOSE]))
    return redirect(safe_next(request) or "portal:consents")
