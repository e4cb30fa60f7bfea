"""Handing over a desk: what lies on it, who would receive what, and then everything in one action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qitong.accounts import permissions
from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.casework import desks
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.parts import Crumb
from qitong.web.workbench.forms import area
from qitong.web.workbench.people import Directory, whose

LISTED = 100
"""Of each kind; the numbers are of all."""


class HandOverForm(forms.Form):
    to = forms.TypedMultipleChoiceField(
        label=_("交给谁"),
        coerce=int,
        help_text=_(
            "可以选几位，办件和任务按各人手上的多少分配。办件须由同一窗口、任务须由同一部门的同事接手。"
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择至少一位接手的同事。")},
    )
    reason = area(_("移交原因"), hint=_("写入台账，接手的同事会看到。"))

    def __init__(self, options: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(field := self.fields["to"], forms.ChoiceField):
            field.choices = options
        self.fields["reason"].error_messages["required"] = gettext("请填写“%(what)s”。") % {
            "what": self.fields["reason"].label
        }


@dataclass(frozen=True, slots=True)
class Share:
    """How much one colleague would receive."""

    name: str
    counts: dict[str, int]


@never_cache
@officer_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Whose desk; with only one's own to choose from, that."""
    groups = whose(acting(request), Directory(today()))
    people = [person for _place, group in groups for person in group]
    if len(people) == 1:
        return redirect("workbench:desk", people[0][0])
    back = Crumb(_("请假与代班"), reverse("workbench:absences"))
    return render(request, "workbench/desks.html", {"groups": groups, "back": back})


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk; "preview" says who would receive what, "hand over" does it."""
    actor = acting(request)
    user = User.objects.filter(pk=pk).first()
    # Asked either way: nobody can tell whether there is no such person or they are not theirs.
    reason = permissions.why_not(actor, permissions.Deed.HAND_OVER_DESK, user or User(pk=0))
    if user is None or reason:
        raise Http404
    desk = desks.of(user, on=today())
    form = HandOverForm(_receivers(actor, user, desk), request.POST or None)
    made, shares = None, []
    if request.method == "POST" and form.is_valid():
        to = list(User.objects.filter(pk__in=form.cleaned_data["to"]).order_by("pk"))
        if request.POST.get("step") == "do":
            try:
                reason = form.cleaned_data["reason"]
                desks.hand_over(user=user, to=to, reason=reason, by=actor, at=now())
            except Refused as refused:
                refusal_to_form(form, refused)
            else:
                done = gettext("%(name)s的工作已移交，双方都已通知。") % {"name": user.name}
                messages.success(request, done)
                return redirect("workbench:absences")
        else:
            made = desks.plan(user, to, desk, on=today())
            for problem in made.problems:
                form.add_error("to", str(problem))
            shares = [Share(person.name, made.count(person.pk)) for person in to]
    context = {
        "form": form,
        "who": user,
        "desk": desk,
        "cases": [*desk.owned, *desk.helped][:LISTED],
        "tasks": desk.tasks[:LISTED],
        "shares": shares if made and not made.problems else [],
        "left": len(desk.shifts) - len(made.shifts) if made else 0,
        "back": Crumb(_("请假与代班"), reverse("workbench:absences")),
    }
    return render(request, "workbench/desk.html", context, status=422 if form.errors else 200)


def _receivers(actor: Actor, user: User, desk: desks.Desk) -> list[tuple[int, str]]:
    """Colleagues of the places the desk belongs to, else of the one who hands over."""
    places = {case.window_id for case in desk.owned if case.window_id}
    places |= {task.department_id for task in desk.tasks} | {shift.department_id for shift in desk.shifts}
    groups = Directory(today()).officers(among=places or actor.departments(), without={user.pk})
    return [(pk, f"{place}{gettext('：')}{name}") for place, people in groups for pk, name in people]
