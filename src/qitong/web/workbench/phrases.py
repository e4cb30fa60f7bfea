"""Phrases: one's own and the department's, to manage, to copy from, and to put into a text at the cursor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department
from qitong.casework import phrases, queries
from qitong.casework.brought import papers_of
from qitong.casework.logic.deferral import to_bring
from qitong.casework.logic.starters import USE_WORDS, Use
from qitong.casework.models import Case, Phrase
from qitong.casework.models.desk import LONGEST_NAME
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.parts import Crumb


class PhraseForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME)
    text = forms.CharField(
        label=_("内容"),
        max_length=phrases.LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "可以写 {company} 企业、{number} 编号、{item} 事项、{due} 期限、{missing} 缺的材料，用时填上。"
        ),
    )
    uses = forms.MultipleChoiceField(
        label=_("用在哪里"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不勾选则处处可用。"),
    )
    department = forms.TypedChoiceField(label=_("谁可以用"), coerce=int, required=False, empty_value=None)

    def __init__(self, actor: Actor, row: Phrase | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headed = _headed(actor) if row is None else []
        self._offer("uses", [(use.value, str(word)) for use, word in USE_WORDS.items()])
        self._offer("department", [("", gettext("只有我")), *((str(pk), name) for pk, name in headed)])
        if not headed:
            del self.fields["department"]
        for field in self.fields.values():
            field.error_messages["required"] = gettext("请填写“%(what)s”。") % {"what": field.label}

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = options


def _headed(actor: Actor) -> list[tuple[int, str]]:
    headed = actor.departments(Role.DEPARTMENT_HEAD)
    if not headed:
        return []
    found = Department.objects.filter(pk__in=headed).order_by("code")
    return [(row.pk, gettext("%(name)s全体") % {"name": row.label}) for row in found]


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """All one may use; a POST writes one, new or (with ``pk``) anew."""
    actor = acting(request)
    row = _editable(actor, pk) if pk is not None else None
    initial = {"name": row.name, "text": row.text, "uses": row.uses} if row else {}
    form = PhraseForm(actor, row, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        place = given.pop("department", None)
        try:
            phrases.save(**given, department_id=place, pk=pk, by=actor, at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("常用语已保存。"))
            return redirect("workbench:phrases")
    found = list(phrases.of(actor))
    rows = [(it, [USE_WORDS[Use(use)] for use in it.uses], not phrases.why_not(actor, it)) for it in found]
    context = {"form": form, "rows": rows, "row": row, "back": Crumb(_("办件"), reverse("workbench:inbox"))}
    return render(request, "workbench/phrases.html", context, status=422 if form.errors else 200)


def _editable(actor: Actor, pk: int) -> Phrase:
    row = phrases.of(actor).filter(pk=pk).first()
    if row is None or phrases.why_not(actor, row):
        raise Http404
    return row


@officer_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        phrases.delete(pk=pk, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("常用语已删除。"))
    return redirect("workbench:phrases")


@officer_required
@require_POST
def starters(request: HttpRequest) -> HttpResponse:
    """Begin with sentences that are written everywhere."""
    count = phrases.add_starters(by=acting(request), at=now())
    messages.success(request, gettext("已加入%(n)s条常用语，可以修改。") % {"n": count})
    return redirect("workbench:phrases")


@never_cache
@officer_required
@require_GET
def for_case(request: HttpRequest, number: str) -> HttpResponse:
    """The phrases filled for one case: a page to copy from, or JSON for the script at the text."""
    actor = acting(request)
    case = queries.visible(actor).select_related("enterprise", "item_version").filter(number=number).first()
    if case is None:
        raise Http404
    use, missing = request.GET.get("use", ""), _missing(case)
    fitting = [row for row in phrases.of(actor) if not use or not row.uses or use in row.uses]
    rows = [(row.name, phrases.filled(row.text, case, missing)) for row in fitting]
    if request.GET.get("as") == "json":
        return JsonResponse({"phrases": [{"name": name, "text": text} for name, text in rows]})
    back = Crumb(number, reverse("workbench:case", args=[number]))
    return render(request, "workbench/phrases_for.html", {"rows": rows, "back": back, "number": number})


def _missing(case: Case) -> list[object]:
    papers = papers_of(case)
    owed = papers if case.accepted_at else to_bring(papers)
    return [paper.name for paper in owed if not paper.is_in and not paper.is_coming]
