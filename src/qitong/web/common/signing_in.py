"""Signing in with a code or a password, both on one page, and the page on which the code is typed.

What was typed as login waits in the session between the two pages: neither it nor the code is ever
part of an address.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qitong.accounts import second
from qitong.accounts.logic.oidc import Provider
from qitong.accounts.login import check_code, check_login
from qitong.accounts.models import User
from qitong.accounts.sessions import ABOUT
from qitong.kernel.errors import Refused
from qitong.notifications import codes
from qitong.web.common.context import audience_of, home_of
from qitong.web.common.dates import now
from qitong.web.common.forms import code_sent, line_of_text
from qitong.web.common.http import acting, forget_actor, refusal_to_form, safe_next
from qitong.web.common.presence import where

BACKEND = "django.contrib.auth.backends.ModelBackend"
ASKED = "sign_in_asked"
HALF = "half_signed_in"
"""Who has given the first proof and not yet the second."""
OFFICERS = "/desk"


class LoginForm(forms.Form):
    """One login; a password only for who signs in with one."""

    login = line_of_text(
        _("手机号或邮箱"), missing=_("请填写手机号或邮箱。"), complete="username", longest=100
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )

    with_codes = True

    @property
    def by_code(self) -> bool:
        """Which button it was; Enter is for the password where one has been typed."""
        if not self.with_codes or self.data.get("way") == "password":
            return False
        return self.data.get("way") == "code" or not self.data.get("password")

    def clean(self) -> None:
        if self.by_code:
            self.errors.pop("password", None)


class CodeForm(forms.Form):
    code = code_sent(_("验证码"), missing=_("请填写收到的6位数字验证码。"))


@sensitive_post_parameters("password")
@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a password, or ask for a code; afterwards to ``next`` or one's own home."""
    onwards = safe_next(request)
    with_codes = bool(codes.reachable())
    form = LoginForm(request.POST or None, initial={"login": request.session.get(ASKED, "")})
    form.with_codes = with_codes
    if request.method == "POST" and form.is_valid():
        try:
            if form.by_code:
                return _ask(request, form.cleaned_data["login"], onwards)
            user = check_login(form.cleaned_data["login"], form.cleaned_data["password"], at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            return enter(request, user, onwards, by="password")
    shown = {
        "form": form,
        "next": onwards,
        "provider": provider_label(),
        "with_codes": with_codes,
        "password_first": onwards.startswith(OFFICERS) or not with_codes,
    }
    return render(request, "common/login.html", shown, status=422 if form.errors else 200)


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent, or have it sent again."""
    asked, onwards = str(request.session.get(ASKED, "")), safe_next(request)
    if not asked:
        return redirect("login")
    again = request.POST.get("way") == "again"
    form = CodeForm(request.POST if request.method == "POST" and not again else None)
    refusal: Refused | None = None
    try:
        if again:
            return _ask(request, asked, onwards)
        if form.is_bound and form.is_valid():
            user = check_code(asked, form.cleaned_data["code"], at=now())
            return enter(request, user, onwards, by="code")
    except Refused as refused:
        refusal = refused
        if form.is_bound:
            refusal_to_form(form, refused)
    shown = {"form": form, "asked": asked, "next": onwards, "refusal": "" if form.is_bound else refusal}
    return render(request, "common/login_code.html", shown, status=422 if form.errors or refusal else 200)


def enter(request: HttpRequest, user: User, onwards: str, *, by: str) -> HttpResponse:
    """Go on with somebody who has given a proof (``by`` says how): in, or to the second one."""
    needed = second.need(user, at=now())
    if needed is second.Need.NOTHING:
        return start(request, user, onwards)
    request.session[HALF] = {
        "user": user.pk,
        "method": by,
        "at": now().timestamp(),
        "next": onwards,
    }
    return redirect("login_second" if needed is second.Need.CODE else "login_enrol")


def start(request: HttpRequest, user: User, onwards: str) -> HttpResponse:
    """Start the session of somebody who has proved who they are."""
    start_session(request, user, backend=BACKEND)
    for passing in (ASKED, HALF):
        request.session.pop(passing, None)
    request.session[ABOUT] = {"started": int(now().timestamp()), **where(request)}
    forget_actor(request)
    return redirect(onwards or home_of(audience_of(request), acting(request)))


def _ask(request: HttpRequest, login: str, onwards: str) -> HttpResponse:
    """Have a code sent and lead to where it is typed; one that was sent just now is still good there."""
    there = redirect(reverse("login_code", query={"next": onwards} if onwards else None))
    try:
        codes.ask(login=login, at=now())
    except Refused as refused:
        if refused.code != "too_soon" or request.session.get(ASKED) == login:
            raise
        messages.warning(request, str(refused))
    request.session[ASKED] = login
    return there


def provider_label() -> str:
    """The word on the button of the OpenID provider; empty without one."""
    provider: Provider | None = settings.OIDC
    return "" if provider is None else provider.label or gettext("统一身份认证")
