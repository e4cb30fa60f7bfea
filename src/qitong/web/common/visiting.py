"""While a security administrator looks as somebody else: their eyes, nobody's hands, and a banner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qitong.accounts import visits
from qitong.accounts.actors import actor_for
from qitong.accounts.models import Visit
from qitong.web.common.dates import now, today
from qitong.web.common.http import act_as

VISIT = "visit"
_SAFE = ("GET", "HEAD", "OPTIONS")
# What a guest may send: how to leave.
_LEAVING = frozenset({"visit_end", "logout"})
# What is the host's alone even to look at: keys, codes, private addresses, and the way in.
_PRIVATE = ("account", "login", "register", "unsent", "notifications", "oidc")
_PRIVATE_NAMES = frozenset({"portal:calendar", "workbench:calendar"})


class Visiting:
    """Middleware, behind the one that looks whether somebody is still there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._onwards = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (kept := request.session.get(VISIT)) is not None:
            self._enter(request, int(kept))
        return self._onwards(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if visit_of(request) is None or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name or ""
        private = name.startswith(_PRIVATE) or name in _PRIVATE_NAMES
        if name in _LEAVING or (request.method in _SAFE and not private):
            return None
        return render(request, "common/visit_only_reads.html", {"private": private}, status=403)

    def _enter(self, request: HttpRequest, visit_id: int) -> None:
        visitor = int(request.session.get(SESSION_KEY, 0))
        visit = visits.under_way(visit_id, visitor=visitor, at=now())
        if visit is None:
            del request.session[VISIT]
            messages.warning(request, gettext("查看已经结束，您回到了自己的页面。"))
            return
        request.user = visit.host
        vars(request)[VISIT] = visit
        act_as(request, visits.guest(visit, on=today()))


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit under way in this request."""
    found = vars(request).get(VISIT)
    return found if isinstance(found, Visit) else None


def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """From the next page on, the host's."""
    request.session[VISIT] = visit.pk
    return redirect("home")


def leave(request: HttpRequest) -> Visit | None:
    """End the visit of this request, if there is one; from the next page on, one's own."""
    visit = visit_of(request)
    request.session.pop(VISIT, None)
    if visit is not None:
        visits.end(visit_id=visit.pk, by=actor_for(visit.visitor, on=today()), at=now())
    return visit


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Back to one's own pages."""
    visit = leave(request)
    if visit is None:
        return redirect("home")
    messages.success(request, gettext("查看已经结束，您回到了自己的页面。"))
    return redirect(reverse("workbench:person", args=[visit.host_id]))
