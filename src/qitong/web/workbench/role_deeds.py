"""Giving somebody a role and taking it away, on the page of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qitong.accounts import officers
from qitong.accounts.logic.roles import DEPARTMENT_ROLES, OFFICER_ROLES, Role
from qitong.accounts.models import Department, Jurisdiction, RoleAssignment, User
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.web.common.dates import now
from qitong.web.common.http import acting, number_of

if TYPE_CHECKING:
    ModelChoice = forms.ModelChoiceField[Any]
else:  # Django's class takes no parameter when it runs
    ModelChoice = forms.ModelChoiceField


class ChoiceByLabel(ModelChoice):
    """Places by the name they have in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class RoleForm(forms.Form):
    """Which role, and where it holds."""

    role = forms.ChoiceField(label=_("角色"), error_messages={"required": _("请选择角色。")})
    department = ChoiceByLabel(
        Department.objects.order_by("code"),
        label=_("部门"),
        empty_label=_("请选择"),
        required=False,
        help_text=_("部门的角色须选择部门。"),
    )
    jurisdiction = ChoiceByLabel(
        Jurisdiction.objects.order_by("code"),
        label=_("区域"),
        empty_label=_("请选择"),
        required=False,
        help_text=_("分管领导须选择区域。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(role := self.fields["role"], forms.ChoiceField):
            known = [it for it in Role if it in OFFICER_ROLES]
            role.choices = [("", gettext("请选择")), *((it.value, str(it.label)) for it in known)]


def grant(request: HttpRequest, user: User) -> None:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Refused(say("请选择角色和地点。"), code="missing", field="role")
    role = Role(form.cleaned_data["role"])
    officers.grant_role(
        user=user,
        role=role,
        department=form.cleaned_data["department"] if role in DEPARTMENT_ROLES else None,
        jurisdiction=form.cleaned_data["jurisdiction"] if role is Role.LEADER else None,
        by=acting(request),
        at=now(),
    )
    messages.success(request, gettext("已授予角色。"))


def revoke(request: HttpRequest, user: User) -> None:
    asked = number_of(request.POST.get("assignment", ""))
    held = RoleAssignment.objects.filter(user=user, pk=asked).first() if asked is not None else None
    if held is None:
        raise Http404
    officers.revoke_role(assignment=held, by=acting(request), at=now())
    messages.success(request, gettext("已撤销角色，即日起不再担任。"))
