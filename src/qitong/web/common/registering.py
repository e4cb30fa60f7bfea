"""Registering a company, on two pages: what is asked for, and the code that proves the contact's number.

Between them what was typed waits in the session, of the password only its hash. Both pages say the same
whether the number is known here or not.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qitong.accounts import registering
from qitong.accounts.login_codes import VALID
from qitong.accounts.registering import Wanted
from qitong.kernel.errors import Refused
from qitong.notifications import codes
from qitong.web.common.dates import now
from qitong.web.common.forms import RegisterForm, places
from qitong.web.common.http import refusal_to_form, safe_next
from qitong.web.common.signing_in import CodeForm, enter

WAITING = "registering"
_PAGE = "register"


@sensitive_post_parameters("password")
@csrf_protect
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Look at what was typed, and have a code sent; where none can be, register at once."""
    onwards = safe_next(request)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _go_on(request, registering.wanted(**form.cleaned_data), onwards)
        except Refused as refused:
            refusal_to_form(form, refused, login="phone")
    shown = {"form": form, "next": onwards, "open": places().exists()}
    return render(request, "common/register.html", shown, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, given: Wanted, onwards: str) -> HttpResponse:
    if codes.why_not_to(given.phone):
        made = registering.at_once(given, at=now())
        return enter(request, made.administrator, onwards, by="registration")
    _send(request, given.phone)
    request.session[WAITING] = {"given": asdict(given), "at": now().timestamp(), "next": onwards}
    return redirect("register_code")


def _send(request: HttpRequest, phone: str) -> None:
    codes.ask_for_registration(phone=phone, language=get_language() or "zh-hans", at=now())


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent, or have it sent again; then the company is registered."""
    kept = _waiting(request)
    if kept is None:
        return redirect(_PAGE)
    given, onwards = Wanted(**kept["given"]), kept["next"]
    again = request.POST.get("way") == "again"
    form = CodeForm(request.POST if request.method == "POST" and not again else None)
    refusal: Refused | None = None
    try:
        if again:
            return _again(request, kept)
        if form.is_bound and form.is_valid():
            return _done(request, given, form.cleaned_data["code"], onwards)
    except Refused as refused:
        refusal = refused
        if form.is_bound:
            refusal_to_form(form, refused)
    shown = {
        "form": form,
        "phone": given.phone,
        "company": given.name,
        "refusal": "" if form.is_bound else refusal,
        "back": reverse(_PAGE),
    }
    return render(request, "common/register_code.html", shown, status=422 if form.errors or refusal else 200)


def _again(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    _send(request, kept["given"]["phone"])
    request.session[WAITING] = {**kept, "at": now().timestamp()}
    return redirect("register_code")


def _done(request: HttpRequest, given: Wanted, typed: str, onwards: str) -> HttpResponse:
    done = registering.confirm(given, code=typed, at=now())
    del request.session[WAITING]
    if done.known:
        said = gettext("%(company)s已登记到您已有的账号名下，姓名和密码不变。")
        messages.success(request, said % {"company": given.name})
    return enter(request, done.registration.administrator, onwards, by="registration")


def _waiting(request: HttpRequest) -> dict[str, Any] | None:
    """What was typed, as long as its code may be good."""
    kept: dict[str, Any] | None = request.session.get(WAITING)
    if kept is None or now().timestamp() - kept["at"] > VALID.total_seconds():
        request.session.pop(WAITING, None)
        return None
    return kept
