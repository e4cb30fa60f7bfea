"""Where one is signed in: each device, and signing out there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qitong.accounts import sessions, visits
from qitong.accounts.models import LoginSession, User
from qitong.kernel.errors import Refused
from qitong.web.common.account import LAYOUTS, oneself
from qitong.web.common.context import audience_of
from qitong.web.common.dates import now
from qitong.web.common.http import acting
from qitong.web.common.origin import device_in_words
from qitong.web.common.parts import Crumb

MOST = 50
VISITS = 20


@dataclass(frozen=True, slots=True)
class Device:
    """``handle`` stands for the session's key, which is never sent to a page: it would sign in."""

    handle: str
    words: str
    session: LoginSession
    here: bool


def devices_of(user: User, *, here: str = "") -> list[Device]:
    """The devices a person is signed in on, last seen first; ``here`` is the key of the present one."""
    rows = sessions.open_at(user, at=now())[:MOST]
    return [Device(handle_of(row), device_in_words(row.agent), row, row.session_key == here) for row in rows]


def handle_of(row: LoginSession) -> str:
    return salted_hmac("qitong.devices", row.session_key).hexdigest()[:24]


def end_one(request: HttpRequest, user: User, handle: str) -> None:
    """Sign ``user`` out on the device of this handle; one that is gone is gone already."""
    key = next((it.session.session_key for it in devices_of(user) if it.handle == handle), "")
    sessions.end(user=user, key=key, by=acting(request), at=now())


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """One's own devices; a POST signs out one, or all but this."""
    user, here = oneself(request), request.session.session_key or ""
    if request.method == "POST":
        _end(request, user, here)
        return redirect("account_sessions")
    shown: dict[str, Any] = {
        "layout": LAYOUTS[audience_of(request)],
        "devices": devices_of(user, here=here),
        "visits": list(visits.had_by(user)[:VISITS]),
        "limit": _in_words(sessions.idle_limit(acting(request))),
        "back": Crumb(gettext("账户"), reverse("account")),
    }
    return render(request, "common/sessions.html", shown)


def _in_words(limit: dt.timedelta) -> str:
    """30分钟, 12小时."""
    minutes = int(limit.total_seconds() // 60)
    if minutes % 60:
        return gettext("%(n)s分钟") % {"n": minutes}
    return gettext("%(n)s小时") % {"n": minutes // 60}


def _end(request: HttpRequest, user: User, here: str) -> None:
    try:
        if "others" in request.POST:
            sessions.end_all(user=user, but=here, by=acting(request), at=now())
            messages.success(request, gettext("其他设备上的登录都已退出。"))
        else:
            end_one(request, user, request.POST.get("end", ""))
            messages.success(request, gettext("该设备上的登录已退出。"))
    except Refused as refused:
        messages.warning(request, str(refused))
