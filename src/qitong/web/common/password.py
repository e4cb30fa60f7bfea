"""One's own password: a new one for the present one, or for a code that is sent for just this.

Having come in with a code is no proof afterwards: a browser left open must not take the account along.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qitong.accounts.login import check_password
from qitong.accounts.login_codes import VALID
from qitong.accounts.models import User
from qitong.accounts.own_account import set_password_by_code
from qitong.accounts.people import set_password
from qitong.accounts.sessions import end_all
from qitong.kernel.errors import Refused
from qitong.notifications import codes
from qitong.web.common.account import LAYOUTS, OLD, done, oneself, present_password
from qitong.web.common.context import audience_of
from qitong.web.common.dates import now
from qitong.web.common.forms import code_sent
from qitong.web.common.http import acting, refusal_to_form
from qitong.web.common.parts import Crumb

SENT_AT = "password_code_sent"
_ABOUT_NEW = ("weak_password", "used_password")


class PasswordForm(forms.Form):
    """With one of the two proofs; which, the page says."""

    current = present_password()
    code = code_sent(_("验证码"), missing=_("请填写收到的6位数字验证码。"))
    password = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少10位，大写字母、小写字母、数字、符号中至少用三类；不要包含姓名、手机号。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": _("请填写新密码。")},
    )


@sensitive_post_parameters("current", "code", "password")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Set a password, and sign out everywhere else."""
    user = oneself(request)
    proof = _proof(request, user)
    form = PasswordForm(request.POST if proof and request.method == "POST" else None)
    for needless in {"current", "code"} - {proof}:
        del form.fields[needless]
    if form.is_bound and form.is_valid():
        try:
            _set(request, user, **form.cleaned_data)
        except Refused as refused:
            refusal_to_form(form, refused, **({} if refused.code in _ABOUT_NEW else OLD))
        else:
            return done(request, gettext("新密码已生效，其他设备上的登录已退出。"))
    return _page(request, form, user, proof)


def _set(request: HttpRequest, user: User, *, password: str, current: str = "", code: str = "") -> None:
    if code:
        user = set_password_by_code(code=code, password=password, by=acting(request), at=now())
    else:
        check_password(user, current, at=now())
        set_password(user=user, password=password, by=acting(request), at=now())
    request.session.pop(SENT_AT, None)
    update_session_auth_hash(request, user)
    end_all(user=user, but=request.session.session_key or "", by=acting(request), at=now())


@login_required
@never_cache
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Have a code sent to one's login; it then stands for the present password."""
    try:
        codes.ask_for_password(by=acting(request), at=now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        request.session[SENT_AT] = now().timestamp()
    return redirect("account_password")


def _proof(request: HttpRequest, user: User) -> str:
    """The field in which the person shows that it is them; empty before they have had a code sent."""
    if now().timestamp() - request.session.get(SENT_AT, 0) < VALID.total_seconds():
        return "code"
    return "current" if user.has_usable_password() else ""


def _page(request: HttpRequest, form: PasswordForm, user: User, proof: str) -> HttpResponse:
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "form": form,
        "proof": proof,
        "login": user.login,
        "why_no_code": codes.why_not_to(user.login),
        "back": Crumb(gettext("账户"), reverse("account")),
    }
    return render(request, "common/password.html", shown, status=422 if form.errors else 200)
