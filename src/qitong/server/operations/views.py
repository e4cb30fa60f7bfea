"""Work that got stuck: seen, tried again, or given up for a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed, why_not
from qitong.automation.health import nights
from qitong.kernel.errors import Refused
from qitong.server.operations.keeping import keeping
from qitong.server.operations.lines import LISTS, counts
from qitong.web.common.context import Audience, register, register_home
from qitong.web.common.dates import now
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab


def may_operate(actor: Actor) -> bool:
    return not why_not(actor, Deed.OPERATE)


register(_("运行"), "operations", Audience.OFFICER, order=90, bar=False, only=may_operate)
register_home(Audience.OFFICER, "operations", only=may_operate)


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One list at a time, and what is wrong altogether."""
    require_allowed(acting(request), Deed.OPERATE)
    at, chosen = now(), request.GET.get("list", "")
    chosen = chosen if chosen in LISTS else next(iter(LISTS))
    listing = LISTS[chosen]
    page = page_of(request, listing.rows(at), key="id")
    count = counts(at)
    tabs = [
        Tab(known.label, f"{reverse('operations')}?list={name}", name == chosen, count[name] or None)
        for name, known in LISTS.items()
    ]
    shown = {
        "page": page,
        "lines": listing.lines(page.rows),
        "listing": listing,
        "chosen": chosen,
        "tabs": tabs,
        "keeping": keeping(),
        "problems": [problem.sentence for problem in nights(at)],
    }
    return render(request, "operations/show.html", shown)


@officer_required
@require_POST
def do(request: HttpRequest, name: str, pk: int, deed: str) -> HttpResponse:
    """Try again or give up; a refusal is said on the page."""
    act = LISTS[name].deeds.get(deed) if name in LISTS else None
    if act is None:
        raise Http404
    try:
        act(pk, request.POST.get("reason", ""), acting(request), now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = gettext("已放回队列，稍后自动处理。") if deed == "retry" else gettext("已放弃，理由已记录。")
        messages.success(request, said)
    return redirect(f"{reverse('operations')}?list={name}")
