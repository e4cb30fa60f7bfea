"""The company itself: its data, its record, and the people who act for it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from qitong.accounts.actors import Actor
from qitong.accounts.company import edit_contact
from qitong.accounts.models import Enterprise, Membership
from qitong.accounts.permissions import Deed, why_not
from qitong.accounts.queries import members, memberships_of
from qitong.kernel.errors import Refused
from qitong.kernel.masking import mask_login
from qitong.web.common.dates import now
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Crumb, Row


class ContactForm(forms.Form):
    phone = line_of_text(
        _("联系电话"), missing=_("请填写联系电话。"), complete="tel", longest=30, inputmode="tel"
    )
    industry_code = forms.CharField(
        label=_("行业代码"),
        help_text=_("国民经济行业分类（GB/T 4754），例如C1411。"),
        max_length=10,
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the reader may see them: how a colleague signs in is shown in full to administrators."""

    name: str
    role: str
    login: str
    oneself: bool
    href: str


@company_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Who acts for one company is led straight to it."""
    held = list(memberships_of(acting(request)))
    if len(held) == 1:
        return redirect("portal:company", held[0].enterprise_id)
    return render(request, "portal/companies.html", {"memberships": held})


@company_required
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise, actor = own(request, pk), acting(request)
    several = len(actor.enterprise_ids) > 1
    found = page_of(request, _administrators_first(enterprise), key="rank", newest_first=False)
    shown = {
        "enterprise": enterprise,
        "licence": _licence(enterprise),
        "contact": _contact(enterprise),
        "marks": enterprise.marks.order_by("-noted_at"),
        "page": found,
        "people": [_person(member, actor) for member in found.rows],
        "why_not": why_not(actor, Deed.MANAGE_MEMBERS, enterprise),
        "all": Crumb(gettext("我的企业"), reverse("portal:companies")) if several else None,
    }
    return render(request, "portal/company.html", shown)


@company_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """How the company is reached; what is on the licence is the window's."""
    enterprise = own(request, pk)
    kept = {"phone": enterprise.phone, "industry_code": enterprise.industry_code}
    form = ContactForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            edit_contact(enterprise=enterprise, **form.cleaned_data, by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("已保存。"))
            return redirect("portal:company", pk)
    shown = {"form": form, "back": crumb(enterprise)}
    return render(request, "portal/company_edit.html", shown, status=422 if form.errors else 200)


def own(request: HttpRequest, pk: int) -> Enterprise:
    """A company the reader acts for; any other does not exist."""
    held = Enterprise.objects.filter(pk__in=acting(request).enterprise_ids).select_related("jurisdiction")
    found = held.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def crumb(enterprise: Enterprise) -> Crumb:
    return Crumb(enterprise.name, reverse("portal:company", args=[enterprise.pk]))


def _administrators_first(enterprise: Enterprise) -> QuerySet[Membership]:
    return members(enterprise).annotate(rank=Concat("role", Value(" "), "user__name"))


def _person(member: Membership, actor: Actor) -> Person:
    may = member.enterprise_id in actor.administers
    oneself = member.user_id == actor.user_id
    return Person(
        name=member.user.name,
        role=member.get_role_display(),
        login=member.user.login if may or oneself else mask_login(member.user.login),
        oneself=oneself,
        href=reverse("portal:member", args=[member.enterprise_id, member.pk]) if may else "",
    )


def _licence(enterprise: Enterprise) -> list[Row]:
    return [
        Row(_("企业名称"), enterprise.name),
        Row(_("统一社会信用代码"), enterprise.uscc),
        Row(_("法定代表人"), enterprise.legal_representative),
        Row(_("住所"), enterprise.address),
        Row(_("所在园区或区县"), enterprise.jurisdiction.label),
    ]


def _contact(enterprise: Enterprise) -> list[Row]:
    change = reverse("portal:company_edit", args=[enterprise.pk])
    return [
        Row(_("联系电话"), enterprise.phone, change),
        Row(_("行业代码"), enterprise.industry_code or _("没有填写"), change),
    ]
