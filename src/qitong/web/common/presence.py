"""Whoever is silent too long is signed out, and what they then send is not lost.

A login is looked at before each page: how long ago was it last seen? That is noted once a minute, so
within a minute nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.origin import address_of
from qitong.accounts.sessions import ABOUT, end_idle, idle_limit, resolution, shortest_limit
from qitong.web.common.dates import now
from qitong.web.common.failures import typed_in
from qitong.web.common.http import acting, forget_actor
from qitong.web.common.origin import agent_of

UNSENT = "unsent"
MOST = 60_000
"""Characters of a form that are kept for whoever comes back."""
_ALONE = ("/sw.js", "/manifest.webmanifest", "/offline", "/healthz", "/api/", "/static/")


def presence(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, behind those that know session and user."""

    def seen(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_ALONE):
            return get_response(request)
        early = _look(request)
        return early if early is not None else get_response(request)

    return seen


def _look(request: HttpRequest) -> HttpResponse | None:
    about = request.session.get(ABOUT)
    if about is None or SESSION_KEY not in request.session:
        return None
    gap = dt.timedelta(seconds=now().timestamp() - about["seen"])
    if gap > shortest_limit() and request.user.is_authenticated and gap > idle_limit(acting(request)):
        return _sign_out(request)
    if gap >= resolution():
        request.session[ABOUT] = about | where(request)
    return None


def where(request: HttpRequest) -> dict[str, str | int]:
    """What is kept of a request that shows somebody is still there."""
    return {"seen": int(now().timestamp()), "address": address_of(request), "agent": agent_of(request)}


def _sign_out(request: HttpRequest) -> HttpResponse | None:
    """From here on the request is a visitor's; a form that it brings waits for its writer."""
    user_id = int(request.session[SESSION_KEY])
    end_idle(user_id=user_id, key=request.session.session_key or "", at=now())
    request.session.flush()
    request.user = AnonymousUser()
    forget_actor(request)
    if request.method == "GET":
        messages.warning(
            request, gettext("您离开太久，为了安全已自动退出。请重新登录，登录后回到原来的页面。")
        )
        return None
    if request.method != "POST" or "application/json" in request.headers.get("Accept", ""):
        return None
    return None if "who" in request.POST else _kept(request, user_id)


def _kept(request: HttpRequest, user_id: int) -> HttpResponseRedirect:
    typed = typed_in(request)
    if typed and sum(len(name) + len(value) for name, value in typed) <= MOST:
        request.session[UNSENT] = {
            "path": request.get_full_path(),
            "who": user_id,
            "typed": typed,
            "files": bool(request.FILES),
        }
    words = gettext("您离开太久，为了安全已自动退出。刚才填写的内容还在，登录后可以继续提交。")
    messages.warning(request, words)
    return redirect(reverse("login", query={"next": reverse("unsent")}))


@never_cache
@require_GET
def unsent(request: HttpRequest) -> HttpResponse:
    """What somebody sent when they had been signed out: to be looked at and sent, by them alone."""
    if not request.user.is_authenticated:
        return redirect(reverse("login", query={"next": request.path}))
    kept = request.session.get(UNSENT)
    if kept is None or kept["who"] != request.user.pk:
        request.session.pop(UNSENT, None)
        return redirect("home")
    if request.META["REQUEST_METHOD"] != "HEAD":  # who asks so sees nothing of it
        del request.session[UNSENT]
    shown = {"typed": kept["typed"], "had_files": kept["files"], "action": kept["path"]}
    return render(request, "common/unsent.html", shown)
