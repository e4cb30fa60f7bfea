"""Deeds to many at once: how many and what, those for which it is not allowed; then what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qitong.accounts.actors import Actor
from qitong.casework import bulk
from qitong.casework.models import Batch
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, number_of, officer_required, refusal_to_form
from qitong.web.common.parts import Crumb
from qitong.web.workbench import people
from qitong.web.workbench.forms import area

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class BulkForm(forms.Form):
    """``key`` names the order, so that a second click is the same one."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, actor: Actor, subjects: list[bulk.Subject], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(field := self.fields.get("to"), forms.ChoiceField):
            field.choices = [("", gettext("请选择")), *self.colleagues(actor, subjects)]
        for field in self.fields.values():
            field.error_messages["required"] = gettext("请填写“%(what)s”。") % {"what": field.label}

    def colleagues(self, actor: Actor, subjects: list[bulk.Subject]) -> people.Groups:
        """Who can be chosen."""
        return []


class HelperForm(BulkForm):
    to = forms.TypedChoiceField(label=_("协办人"), coerce=int)
    reason = area(_("请其协助什么"), hint=_("首问负责人不变，协办人加入后共同办理。"))

    def colleagues(self, actor: Actor, subjects: list[bulk.Subject]) -> people.Groups:
        return people.Directory(today()).officers(without={actor.user_id or 0})


class HandForm(BulkForm):
    to = forms.TypedChoiceField(label=_("交给"), coerce=int, help_text=_("只能交给任务所在部门的同事。"))

    def colleagues(self, actor: Actor, subjects: list[bulk.Subject]) -> people.Groups:
        return people.Directory(today()).officers(among=actor.departments() or {0})


class RemindForm(BulkForm):
    note = area(_("催办内容"), required=False, hint=_("每个部门每个工作日只催办一次。"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A bulk deed on its pages: ``ask`` says what will be done to how many."""

    label: StrOrPromise
    ask: StrOrPromise
    form: type[BulkForm]
    back: str = "workbench:inbox"


SHOWN: Mapping[str, Shown] = {
    "helper": Shown(_("增加协办人"), _("为%(n)s件办件增加协办人"), HelperForm),
    "hand": Shown(_("任务交给同事"), _("把%(n)s件办件中您或本部门的任务交给同事"), HandForm),
    "remind": Shown(_("催办部门"), _("催办%(n)s件办件的承办部门"), RemindForm),
    "remind-company": Shown(_("提醒企业"), _("提醒%(n)s件办件的企业"), BulkForm),
    "claim": Shown(_("领取所选"), _("领取%(n)s项任务"), BulkForm, "workbench:tasks"),
    "hand-task": Shown(_("把所选交给同事"), _("把%(n)s项任务交给同事"), HandForm, "workbench:tasks"),
}


def bulk_bar(request: HttpRequest, deeds: Sequence[str]) -> dict[str, Any]:
    """What ``bulk_bar.html`` shows above a list; its link ticks the page where there is no JavaScript."""
    ticked = request.GET.get("ticked") == "page"
    asked = request.GET.copy()
    asked.pop("ticked", None)
    if not ticked:
        asked["ticked"] = "page"
    return {
        "ticked": ticked,
        "tick": f"?{asked.urlencode()}",
        "bulk_deeds": [(slug, SHOWN[slug].label) for slug in deeds],
    }


def ticked(given: QueryDict) -> list[int]:
    """What was ticked in a list, at most what one deed may be done to."""
    return [pk for text in given.getlist("it") if (pk := number_of(text)) is not None][: bulk.MOST]


@dataclass(frozen=True, slots=True)
class Line:
    """One case (or task) with the reason why it cannot be done, or what came of it."""

    subject: bulk.Subject
    title: object
    why_not: Sentence


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """What is about to be done to which; a POST does it and shows what came of it."""
    given = request.POST if request.method == "POST" else request.GET
    deed, actor = given.get("deed", ""), acting(request)
    if deed not in SHOWN:
        raise Http404
    ids = ticked(given)
    subjects = bulk.subjects(actor, deed, ids, today=today())
    way, shown = bulk.WAYS[deed], SHOWN[deed]
    lines = [Line(it, it.case.label, way.why_not(actor, it, today())) for it in subjects]
    allowed = [line for line in lines if not line.why_not]
    form = shown.form(actor, subjects, request.POST or None, initial={"key": uuid.uuid4()})
    if form.is_bound and not allowed and not _ordered(form, actor):
        form.add_error(None, gettext("所选的现在都不能这样办理，一件也没有办。您填写的内容还在。"))
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        key, at = fields.pop("key"), now()
        try:
            batch = bulk.order(key=key, deed=deed, ids=ids, given=fields, by=actor, at=at)
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            bulk.run(batch, by=actor, at=at)
            kept = urlencode({"back": _back(request, shown)})
            return redirect(f"{reverse('workbench:bulk-result', args=[key])}?{kept}")
    context = {
        "deed": deed,
        "shown": shown,
        "here": Crumb(shown.label),
        "ask": shown.ask % {"n": len(allowed)},
        "form": form,
        "allowed": allowed,
        "refused": [line for line in lines if line.why_not],
        "unseen": len(set(ids)) - len(subjects),
        "ids": [it.pk for it in subjects],
        "back": _back(request, shown),
        "crumb": Crumb(_("办件") if not way.at_tasks else _("任务"), _back(request, shown)),
    }
    return render(request, "workbench/bulk.html", context, status=422 if form.errors else 200)


def _ordered(form: BulkForm, actor: Actor) -> bool:
    """Whether this very order was given already: a second click is shown what came of the first."""
    form.is_valid()
    key = form.cleaned_data.get("key")
    return key is not None and Batch.objects.filter(key=key, user_id=actor.user_id or 0).exists()


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def result(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What came of it; a POST does what a killed run left."""
    actor = acting(request)
    batch = Batch.objects.filter(key=key, user_id=actor.user_id or 0).first()
    if batch is None:
        raise Http404
    if request.method == "POST":
        bulk.run(batch, by=actor, at=now())
        return redirect(request.get_full_path())
    shown = SHOWN[batch.deed]
    lines = list(batch.lines.exclude(done=None).select_related("case__enterprise", "task").order_by("pk"))
    done = [line for line in lines if line.done]
    context = {
        "shown": shown,
        "here": Crumb(shown.label),
        "done": done,
        "refused": [line for line in lines if not line.done],
        "left": len(batch.ids) - len(lines),
        "back": _back(request, shown),
        "crumb": Crumb(_("办件") if shown.back == "workbench:inbox" else _("任务"), _back(request, shown)),
    }
    return render(request, "workbench/bulk_result.html", context)


def _back(request: HttpRequest, shown: Shown) -> str:
    """The list one came from, with its filter; only ever on this site."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    safe = asked.startswith("/desk") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else reverse(shown.back)
