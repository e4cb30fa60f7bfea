"""The read-only links to the wall: made, listed, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Jurisdiction
from qitong.insight import walls
from qitong.insight.permissions import why_not_share
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now
from qitong.web.common.http import acting, refusal_to_form
from qitong.web.dashboard.door import looker_required

TERMS = ((30, _("30天")), (90, _("90天")), (365, _("一年")))
SHOWN = 50


class LinkForm(forms.Form):
    name = forms.CharField(
        label=_("名称"),
        help_text=_("挂在哪里，例如：一楼大厅屏幕。"),
        max_length=100,
        error_messages={"required": _("请填写名称。")},
    )
    jurisdiction = forms.TypedChoiceField(
        label=_("哪里的数字"), coerce=int, error_messages={"required": _("请选择显示哪里的数字。")}
    )
    days = forms.TypedChoiceField(
        label=_("有效期"), coerce=int, choices=TERMS, error_messages={"required": _("请选择有效期。")}
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Jurisdiction.objects.filter(pk__in=actor.jurisdictions(Role.LEADER)).order_by("code")
        field = self.fields["jurisdiction"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(place.pk, str(place.label)) for place in places]


@never_cache
@looker_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The list and the form; a link that was just made is shown in full, this once."""
    actor = acting(request)
    form = LinkForm(request.POST or None, actor=actor)
    made = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = walls.create(
                name=form.cleaned_data["name"],
                jurisdiction_id=form.cleaned_data["jurisdiction"],
                days=form.cleaned_data["days"],
                by=actor,
                at=now(),
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            made = request.build_absolute_uri(reverse("dashboard:shared-wall", args=[secret]))
            form = LinkForm(actor=actor)
    shown = {
        "form": form,
        "made": made,
        "why_not": why_not_share(actor),
        "links": walls.of(actor)[:SHOWN],
        "now": now(),
    }
    return render(request, "dashboard/links.html", shown, status=422 if form.errors else 200)


@looker_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        link = walls.revoke(link_id=pk, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("“%(name)s”已停用，打开过的屏幕也看不到了。") % {"name": link.name})
    return redirect("dashboard:links")
