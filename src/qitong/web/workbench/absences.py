"""Absences: note who is away and who does the work meanwhile, and see who is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qitong.accounts import absences
from qitong.accounts.actors import Actor
from qitong.accounts.models import Absence, User
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.workbench import people

LONGEST_NOTE = 200


class AbsenceForm(forms.Form):
    """Who, by whom, from when to when; heads for their department, administrators for all."""

    user = forms.TypedChoiceField(label=_("谁请假"), coerce=int)
    substitute = forms.TypedChoiceField(
        label=_("代班人"),
        coerce=int,
        help_text=_(
            "请假期间代办全部办件和任务；领导或部门负责人请假时，也看到其所管的办件和看板，但不代其决定。"
        ),
    )
    starts_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("结束日期"), help_text=_("含当天。"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=LONGEST_NOTE)

    def __init__(self, actor: Actor, known: people.Directory, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (("user", people.whose(actor, known)), ("substitute", known.officers())):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", gettext("请选择")), *options]
        self.fields["user"].initial = actor.user_id
        for field in self.fields.values():
            field.error_messages["required"] = gettext("请填写“%(what)s”。") % {"what": field.label}


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    actor, known = acting(request), people.Directory(today())
    form = AbsenceForm(actor, known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        found = User.objects.in_bulk([given.pop("user"), given.pop("substitute")])
        user, substitute = (found[form.cleaned_data[name]] for name in ("user", "substitute"))
        try:
            absences.record(user=user, substitute=substitute, by=actor, at=now(), **given)
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("请假已登记，期间由代班人办理。"))
            return redirect("workbench:absences")
    mine = {pk for _place, group in people.whose(actor, known) for pk, _name in group}
    rows = Absence.objects.filter(ends_on__gte=today(), cancelled_at=None).select_related(
        "user", "substitute"
    )
    shown = [(row, row.starts_on <= today(), row.user_id in mine) for row in rows.order_by("starts_on", "pk")]
    stands_in_for = list(people.names_of(actor.stands_in_for).values())
    context = {"form": form, "rows": shown, "stands_in_for": stands_in_for}
    return render(request, "workbench/absences.html", context, status=422 if form.errors else 200)


@officer_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an absence back; a refusal is said on the page."""
    absence = Absence.objects.filter(pk=pk).first()
    if absence is None:
        raise Http404
    try:
        absences.cancel(absence=absence, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("请假已取消。"))
    return redirect("workbench:absences")
