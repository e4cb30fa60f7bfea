"""The second proof while signing in: a code of the app, or first the app itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qitong.accounts import second
from qitong.accounts.actors import actor_for
from qitong.accounts.logic import totp
from qitong.accounts.login import check_second, finish
from qitong.accounts.models import SecondFactor, User
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now, today
from qitong.web.common.forms import code_sent, line_of_text
from qitong.web.common.http import refusal_to_form
from qitong.web.common.signing_in import HALF, start

WAITS = dt.timedelta(minutes=10)
"""How long the first proof waits for the second."""


class ProofForm(forms.Form):
    code = line_of_text(
        _("动态码"),
        missing=_("请填写动态码或恢复码。"),
        hint=_("验证器应用显示的6位数字。手机不在身边时，填一个恢复码。"),
        complete="one-time-code",
        longest=40,
        autocapitalize="none",
        spellcheck="false",
    )


class FirstCodeForm(forms.Form):
    code = code_sent(_("动态码"), missing=_("请填写应用显示的6位数字。"))


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody between the two proofs; ``method`` is how they gave the first."""

    user: User
    method: str
    onwards: str


def half_of(request: HttpRequest) -> Half | None:
    """None when nobody waits, or has waited too long, or has been closed meanwhile."""
    kept = request.session.get(HALF)
    if kept is None or now().timestamp() - kept["at"] > WAITS.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return Half(user, kept["method"], kept["next"]) if user else None


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Type a code of the app, or a recovery code."""
    half = half_of(request)
    if half is None:
        return redirect("login")
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = check_second(half.user, form.cleaned_data["code"], at=now())
        except Refused as refused:
            refusal_to_form(form, refused, login="code")
        else:
            return start(request, user, half.onwards)
    return render(request, "common/second_ask.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """For officers who must have an app and have none yet: take one into use, then go in."""
    half = half_of(request)
    if half is None:
        return redirect("login")
    by = actor_for(half.user, on=today())
    try:
        factor = second.begin(by=by, at=now())
    except Refused:
        return redirect("login_second")
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second.confirm(code=form.cleaned_data["code"], by=by, at=now())
            finish(half.user, method=half.method, at=now())
        except Refused as refused:
            refusal_to_form(form, refused, login="code")
        else:
            onwards = start(request, half.user, half.onwards)["Location"]
            return recovery_codes(request, codes, onwards)
    shown = {"form": form, "layout": "common/public.html", "signing_in": True, **scannable(factor)}
    return render(request, "common/second_new.html", shown, status=422 if form.errors else 200)


def scannable(factor: SecondFactor) -> dict[str, str]:
    """What the page shows for the app: the address in the QR code, and the key to type."""
    secret = second.secret_of(factor)
    return {"address": totp.address(secret, factor.user.login), "key": totp.as_text(secret)}


def recovery_codes(request: HttpRequest, codes: list[str], onwards: str) -> HttpResponse:
    """The page that shows new recovery codes, this once."""
    shown = {"codes": codes, "onwards": onwards, "layout": "common/public.html"}
    return render(request, "common/second_codes.html", shown)
