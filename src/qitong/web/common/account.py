"""One's own account: who one is, where one is reached, how one signs in."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qitong.accounts import own_account, second
from qitong.accounts.actors import Role
from qitong.accounts.login import check_password, prove_second
from qitong.accounts.models import Language, User
from qitong.accounts.queries import memberships_of, roles_on
from qitong.accounts.sessions import end_all
from qitong.kernel.errors import Refused
from qitong.notifications import codes
from qitong.web.common.context import Audience, audience_of
from qitong.web.common.dates import now, today
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, refusal_to_form
from qitong.web.common.parts import Crumb, Row
from qitong.web.common.signing_in import CodeForm

LAYOUTS = {Audience.COMPANY: "common/portal.html", Audience.OFFICER: "common/workbench.html"}
NEW_ADDRESS = "new_address"


class NameForm(forms.Form):
    name = line_of_text(_("姓名"), missing=_("请填写姓名。"), complete="name", longest=100)


def present_password() -> forms.CharField:
    return forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )


class AddressForm(forms.Form):
    """Whoever moves the login has the account: who has a password or, without one, an app, shows it."""

    address = line_of_text(
        _("新的手机号或邮箱"), missing=_("请填写新的手机号或邮箱。"), complete="off", longest=100
    )
    current = present_password()
    second = line_of_text(
        _("动态码"),
        missing=_("请填写动态码或恢复码。"),
        hint=_("验证器应用显示的6位数字。手机不在身边时，填一个恢复码。"),
        complete="one-time-code",
        longest=40,
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Everything about oneself on one page; a POST chooses the language."""
    user = oneself(request)
    if request.method == "POST":
        return choose_language(request, user, request.POST.get("language", ""))
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "user": user,
        "rows": _rows(user),
        "memberships": memberships_of(acting(request)),
        "roles": [
            {"label": Role(role.role).label, "department": role.department}
            for role in roles_on(today()).filter(user=user).select_related("department")
        ],
        "languages": Language.choices,
    }
    return render(request, "common/account.html", shown)


def _rows(user: User) -> list[Row]:
    change = reverse("account_address")
    password = _("已设置") if user.has_usable_password() else _("没有设置，用验证码登录")
    return [
        Row(_("姓名"), user.name, reverse("account_name")),
        Row(_("手机号"), user.phone or _("没有填写"), change),
        Row(_("邮箱"), user.email or _("没有填写"), change),
        Row(_("登录名"), user.login),
        Row(_("密码"), password, reverse("account_password")),
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": oneself(request).name})
    if request.method == "POST" and form.is_valid():
        try:
            own_account.rename(name=form.cleaned_data["name"], by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            return done(request, gettext("已保存。"))
    return _page(request, form, title=gettext("修改姓名"))


def _proof_of(user: User) -> str:
    """The field in which the person shows that it is them; empty when they only ever sign in with codes."""
    if user.has_usable_password():
        return "current"
    return "second" if second.need(user, at=now()) is second.Need.CODE else ""


@sensitive_post_parameters("current", "second")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Say where one wants to be reached, and prove by the password that it is oneself; a code goes there."""
    user, form = oneself(request), AddressForm(request.POST or None)
    for needless in {"current", "second"} - {_proof_of(user)}:
        del form.fields[needless]
    if request.method == "POST" and form.is_valid():
        try:
            if "current" in form.fields:
                check_password(user, form.cleaned_data["current"], at=now())
            if "second" in form.fields:
                prove_second(user, form.cleaned_data["second"], at=now())
            codes.ask_for_address(address=form.cleaned_data["address"], by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused, **OLD, code="second")
        else:
            request.session[NEW_ADDRESS] = form.cleaned_data["address"]
            return redirect("account_confirm")
    lead = gettext("我们向新的手机号或邮箱发送验证码，填对后才更换。原来用它登录的，登录名一起更换。")
    return _page(request, form, title=gettext("更换手机号或邮箱"), lead=lead, label=gettext("获取验证码"))


@sensitive_post_parameters("code")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Type the code that went to the new address."""
    asked = str(request.session.get(NEW_ADDRESS, ""))
    if not asked:
        return redirect("account_address")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            own_account.confirm_address(code=form.cleaned_data["code"], by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            del request.session[NEW_ADDRESS]
            key = request.session.session_key or ""
            end_all(user=oneself(request), but=key, by=acting(request), at=now())
            said = gettext("已更换为%(address)s，其他设备上的登录已退出。") % {"address": asked}
            return done(request, said)
    lead = gettext("验证码已发送到%(address)s，10分钟内有效。没有收到，请返回重新获取。") % {"address": asked}
    return _page(request, form, title=gettext("填写验证码"), lead=lead, label=gettext("更换"), width="short")


OLD = {"password": "current", "login": "current"}


def oneself(request: HttpRequest) -> User:
    """The account behind the request; only for signed-in people (the decorators see to it)."""
    if not isinstance(request.user, User):
        raise TypeError("oneself() needs a signed-in person")
    return request.user


def choose_language(request: HttpRequest, user: User, value: str) -> HttpResponse:
    """Keep the language for messages, and show the pages in it on this device."""
    answer = redirect("account")
    if value in Language.values:
        if value != user.language:
            own_account.set_language(language=Language(value), by=acting(request), at=now())
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, value, samesite="Lax")
    return answer


def done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("account")


def _page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    lead: str = "",
    label: str = "",
    width: str = "medium",
) -> HttpResponse:
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "form": form,
        "title": title,
        "lead": lead,
        "label": label or gettext("保存"),
        "width": width,
        "back": Crumb(gettext("账户"), reverse("account")),
    }
    return render(request, "common/account_form.html", shown, status=422 if form.errors else 200)
