"""The people who act for a company: added by phone or mail, made administrator or clerk, removed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qitong.accounts.company import change_role, invite
from qitong.accounts.enterprises import remove_member
from qitong.accounts.models import Membership, MembershipRole
from qitong.accounts.permissions import Deed, require_allowed, why_not
from qitong.accounts.queries import members
from qitong.kernel.errors import Refused
from qitong.notifications.codes import why_not_to
from qitong.web.common.dates import now
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal.company import crumb, own

ROLES = [
    (MembershipRole.CLERK.value, _("企业经办人：填写、提交、查看本企业的办件")),
    (MembershipRole.ADMINISTRATOR.value, _("企业管理员：除此之外，还能增减人员")),
]


class InviteForm(forms.Form):
    login = line_of_text(
        _("手机号或邮箱"),
        missing=_("请填写手机号或邮箱。"),
        hint=_("对方用它获取验证码登录，不需要密码。"),
        longest=100,
    )
    name = line_of_text(_("姓名"), missing=_("请填写姓名。"), longest=100)
    role = forms.ChoiceField(
        label=_("身份"),
        choices=ROLES,
        initial=MembershipRole.CLERK.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择身份。")},
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("身份"),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择身份。")},
    )


@company_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise, actor = own(request, pk), acting(request)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            require_allowed(actor, Deed.MANAGE_MEMBERS, enterprise)
            if reason := why_not_to(given["login"]):
                raise Refused(reason, code="not_configured", field="login")
            invite(
                enterprise=enterprise,
                login=given["login"],
                name=given["name"],
                role=MembershipRole(given["role"]),
                by=actor,
                at=now(),
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            said = gettext("已添加%(name)s。对方用%(login)s获取验证码登录，不需要密码。")
            messages.success(request, said % {"name": given["name"], "login": given["login"]})
            return redirect("portal:company", pk)
    shown = {
        "form": form,
        "back": crumb(enterprise),
        "why_not": why_not(actor, Deed.MANAGE_MEMBERS, enterprise),
    }
    return render(request, "portal/member_add.html", shown, status=422 if form.errors else 200)


@company_required
@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Change somebody's role, or remove them; what they began stays with the company."""
    enterprise, actor = own(request, pk), acting(request)
    membership = members(enterprise).filter(pk=member).first()
    if membership is None:
        raise Http404
    removing = request.POST.get("deed") == "remove"
    form = RoleForm(request.POST if request.method == "POST" and not removing else None)
    form.initial = {"role": membership.role}
    refusal: Refused | None = None
    if request.method == "POST" and (removing or form.is_valid()):
        try:
            return _done(request, membership, None if removing else form.cleaned_data["role"])
        except Refused as refused:
            refusal = refused
            if form.is_bound:
                refusal_to_form(form, refused)
    shown = {
        "form": form,
        "membership": membership,
        "enterprise": enterprise,
        "back": crumb(enterprise),
        "refusal": "" if form.is_bound else refusal,
        "why_not": why_not(actor, Deed.MANAGE_MEMBERS, enterprise),
        "oneself": membership.user_id == actor.user_id,
    }
    return render(request, "portal/member.html", shown, status=422 if form.errors or refusal else 200)


def _done(request: HttpRequest, membership: Membership, role: str | None) -> HttpResponse:
    by, name = acting(request), membership.user.name
    if role is not None:
        change_role(membership=membership, role=MembershipRole(role), by=by, at=now())
        messages.success(request, gettext("已保存。"))
        return redirect("portal:company", membership.enterprise_id)
    remove_member(membership=membership, by=by, at=now())
    messages.success(request, gettext("%(name)s不再是本企业的人员。") % {"name": name})
    if membership.user_id == by.user_id:
        return redirect("account")
    return redirect("portal:company", membership.enterprise_id)
