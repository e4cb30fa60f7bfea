"""Which pages may be asked for how often, in one table. Each costs one statement, before the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from qitong.accounts.allowances import TooOften, take
from qitong.accounts.origin import address_of
from qitong.web.common.dates import now
from qitong.web.common.failures import too_often

SENT = {
    "login": "login",
    "login_code": "login",
    "login_second": "login",
    "login_enrol": "login",
    "register": "register",
    "register_code": "login",
    "account_address": "code",
    "account_confirm": "login",
    "account_password_code": "code",
    "mail_off": "feed",
}
"""Forms, when they are sent."""
READ = {
    "oidc_back": "login",
    "public:stage": "lookup",
    "public:compendium": "feed",
    "mail_off": "feed",
    "calendar-company": "feed",
    "calendar-office": "feed",
    "calendar-policies": "feed",
    "dashboard:shared-wall": "feed",
}
"""Pages, whenever they are asked for."""
SEARCHED = frozenset(
    {"public:items", "public:policies", "portal:cases", "workbench:search", "workbench:search-few"}
)
"""Pages, when they are asked something (``?q=``)."""
BY_PERSON = frozenset({"upload", "search"})


class Limits:
    """Middleware, behind those that know who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._onwards = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._onwards(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, values: Any) -> HttpResponse | None:
        kind = kind_of(request)
        if not kind:
            return None
        try:
            take(kind=kind, whose=_whose(request, kind), at=now())
        except TooOften as refused:
            return too_often(request, refused)
        return None


def kind_of(request: HttpRequest) -> str:
    """What is counted; empty for what is not."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if request.method != "POST":
        return "search" if name in SEARCHED and request.GET.get("q") else READ.get(name, "")
    if name in ("login", "login_code") and _asks_for_code(request, name):
        return "code"
    return SENT.get(name) or ("upload" if _brings_files(request) else "")


def _asks_for_code(request: HttpRequest, name: str) -> bool:
    """Whether the button was the one that has a code sent (``signing_in.py``)."""
    way = request.POST.get("way", "")
    if name == "login_code":
        return way == "again"
    return way == "code" or not (way or request.POST.get("password"))


def _brings_files(request: HttpRequest) -> bool:
    is_form = (request.content_type or "") == "multipart/form-data"
    return is_form and not request.path.startswith("/api/") and bool(request.FILES)


def _whose(request: HttpRequest, kind: str) -> str:
    if kind in BY_PERSON and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return address_of(request)
