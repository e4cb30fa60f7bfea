"""Due dates on one's own phone: the private calendar itself, and the page that manages its address."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor, actor_for
from qitong.casework import due, feeds
from qitong.casework.logic import ical
from qitong.casework.logic.terms import Side
from qitong.kernel.errors import Refused
from qitong.web.common import policy_windows
from qitong.web.common.dates import now, shown, today
from qitong.web.common.http import acting

LONGEST = 100
_PAGES = {Side.COMPANY: "portal:case", Side.OFFICE: "workbench:case"}
_DUE: dict[Side, Callable[[Actor], list[due.Due]]] = {
    Side.COMPANY: due.of_company,
    Side.OFFICE: due.of_officer,
}


@never_cache
@require_GET
def company_feed(request: HttpRequest, secret: str) -> HttpResponse:
    return _feed(request, Side.COMPANY, secret)


@never_cache
@require_GET
def office_feed(request: HttpRequest, secret: str) -> HttpResponse:
    return _feed(request, Side.OFFICE, secret)


def _feed(request: HttpRequest, side: Side, secret: str) -> HttpResponse:
    """The calendar of whoever the address belongs to; whoever reads it needs no session.

    A closed account or an ended membership leaves an empty calendar, which clears the phone.
    """
    feed = feeds.find(secret, side) if len(secret) <= LONGEST else None
    if feed is None:
        raise Http404
    actor = actor_for(feed.user, on=today())
    with translation.override(feed.user.language):
        days = [_day(request, side, one) for one in _DUE[side](actor)]
        if side is Side.COMPANY:
            days += policy_windows.of_actor(request, actor, today())
        text = ical.calendar(gettext("企通：到期事项"), days, at=now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="qitong.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _day(request: HttpRequest, side: Side, one: due.Due) -> ical.Day:
    page = request.build_absolute_uri(reverse(_PAGES[side], args=[one.case.number]))
    details = [
        str(one.case.label),
        gettext("编号：%(number)s") % {"number": one.case.number},
        shown(one.on),
        page,
    ]
    return ical.Day(
        uid=f"{side}.{one.case.number}.{one.key}@qitong",
        on=one.on,
        summary=f"{one.what}{gettext('：')}{one.case.label}",
        description="\n".join(details),
        url=page,
    )


def manage(request: HttpRequest, side: Side, layout: str) -> HttpResponse:
    """The page of the address: shows it, makes it, renews it, revokes it."""
    here = reverse("portal:calendar" if side is Side.COMPANY else "workbench:calendar")
    if request.method == "POST":
        try:
            _done(request, side)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(here)
    feed = feeds.open_feed(acting(request), side)
    secret = feeds.secret_of(feed) if feed else ""
    view = "calendar-company" if side is Side.COMPANY else "calendar-office"
    address = request.build_absolute_uri(reverse(view, args=[secret])) if secret else ""
    page = {
        "layout": layout,
        "company": side is Side.COMPANY,
        "feed": feed,
        "address": address,
        "subscribe": f"webcal://{address.partition('://')[2]}" if address else "",
    }
    return render(request, "common/calendar.html", page)


def _done(request: HttpRequest, side: Side) -> None:
    if request.POST.get("deed") == "revoke":
        if feeds.revoke(side=side, by=acting(request), at=now()):
            messages.success(request, gettext("日历地址已停用，用过它的设备不再收到更新。"))
        return
    feeds.renew(side=side, by=acting(request), at=now())
    messages.success(request, gettext("日历地址已生成，请在下面订阅。"))
