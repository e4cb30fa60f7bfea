"""A draft at the officers' desk: its author turns numbers or writes the text, another editor publishes it.

What was typed stays in the form when it is refused; nothing of it is kept then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.kernel.errors import Refused
from qitong.policies import consequences, drafting, releasing
from qitong.policies.drafting import ExamplesMove, NotWhole
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.jobs import defer_count
from qitong.policies.logic.terms import Stage
from qitong.policies.logic.turns import KIND_WORDS, Kind
from qitong.policies.models import PolicyVersion
from qitong.policies.written import as_yaml
from qitong.web.common.dates import now, today
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Crumb
from qitong.web.workbench.policies import clauses, editors_only
from qitong.web.workbench.policy_examples import MovedLine, against_base, lines_of, wanting
from qitong.web.workbench.policy_numbers import NumbersForm
from qitong.web.workbench.policy_trial import tried


class TextForm(forms.Form):
    """``seen``: the hash of the content that was on the page when writing began."""

    seen = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("政策全文（YAML）"),
        strip=False,
        max_length=drafting.LONGEST,
        error_messages={"required": _("请填写政策全文。")},
        widget=forms.Textarea({"rows": 30, "spellcheck": "false", "class": "code"}),
    )


class PublishForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)
    effective_on = forms.DateField(
        label=_("从哪天起生效"),
        error_messages={"required": _("请填写生效日期。"), "invalid": _("请填写日期，如 2026-01-31。")},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class TrialForm(forms.Form):
    company = line_of_text(_("企业名称或统一社会信用代码"), missing=_("请填写企业名称或代码。"), longest=100)


@dataclass
class Sent:
    """What came with this request and was refused: each form with its message, and the problems of a text."""

    numbers: NumbersForm | None = None
    text: TextForm | None = None
    publish: PublishForm | None = None
    problems: tuple[Any, ...] = field(default=())
    moves: list[MovedLine] = field(default_factory=list)
    digest: str = ""


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The draft: to write for its author, to review and publish for the others."""
    editors_only(request)
    return _page(request, _draft(code), Sent())


@officer_required
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    editors_only(request)
    try:
        drafting.begin(code=code, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workbench:policy", code)
    return redirect("workbench:policy-draft", code)


@officer_required
@require_POST
def do(request: HttpRequest, code: str, deed: str) -> HttpResponse:
    """One deed at the draft: ``numbers``, ``text``, ``examples``, ``count``, ``discard`` or ``publish``."""
    editors_only(request)
    return _DEEDS[deed](request, _draft(code))


def _numbers(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    form = NumbersForm(draft.data, consequences.entry_of(draft).rule, draft.content_hash, request.POST)
    if form.is_valid():
        try:
            drafting.turn(
                draft_id=draft.pk,
                numbers=form.numbers,
                days=form.days,
                seen=form.cleaned_data["seen"],
                accepted=request.POST.get("accepted", ""),
                by=acting(request),
                at=now(),
            )
        except Refused as refused:
            return _refused(request, draft, Sent(numbers=form), refused)
        return _saved(request, draft)
    return _page(request, draft, Sent(numbers=form))


def _text(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    form = TextForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            drafting.write(
                draft_id=draft.pk, text=given["text"], seen=given["seen"], by=acting(request), at=now()
            )
        except Refused as refused:
            return _refused(request, draft, Sent(text=form), refused)
        return _saved(request, draft)
    return _page(request, draft, Sent(text=form))


def _examples(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """Add what is wanting, once its author has said that it is right."""
    try:
        drafting.add_examples(
            draft_id=draft.pk,
            accepted=request.POST.get("accepted", ""),
            seen=request.POST.get("seen", ""),
            by=acting(request),
            at=now(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('workbench:policy-draft', args=[draft.code])}#boundaries")
    return _saved(request, draft)


def _publish(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    form = PublishForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            releasing.publish(draft_id=draft.pk, **given, by=acting(request), at=now())
        except Refused as refused:
            return _refused(request, draft, Sent(publish=form), refused)
        messages.success(request, gettext("新版本已发布，受影响的企业正在重新判断，新符合的会收到消息。"))
        return redirect("workbench:policy", draft.code)
    return _page(request, draft, Sent(publish=form))


def _count(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """Few companies are counted at once, many by a job; the page says how far it is."""
    try:
        count = consequences.ask(draft_id=draft.pk, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if count.done_at is None and consequences.is_small():
            consequences.run(count.pk, at=now())
        elif count.done_at is None:
            defer_count(count.pk)
    return redirect(f"{reverse('workbench:policy-draft', args=[draft.code])}#consequences")


def _discard(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    try:
        drafting.discard(draft_id=draft.pk, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("草稿已作废。"))
    return redirect("workbench:policies")


_DEEDS: dict[str, Callable[[HttpRequest, PolicyVersion], HttpResponse]] = {
    "numbers": _numbers,
    "text": _text,
    "examples": _examples,
    "publish": _publish,
    "count": _count,
    "discard": _discard,
}


@never_cache
@officer_required
@require_GET
def affected(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Who would gain, or lose, in pages."""
    editors_only(request)
    draft = _draft(code)
    count = consequences.newest(draft)
    if count is None or kind not in {k.value for k in Kind}:
        raise Http404
    context = {
        "page": page_of(request, consequences.affected(count, Kind(kind)), key="pk", newest_first=False),
        "title": KIND_WORDS[Kind(kind)],
        "total": getattr(count, kind),
        "draft": draft,
        "back": Crumb(draft.label, reverse("workbench:policy-draft", args=[code])),
    }
    return render(request, "workbench/policy_affected.html", context)


def _saved(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    messages.success(request, gettext("草稿已保存，例子全部通过。"))
    return redirect("workbench:policy-draft", draft.code)


def _refused(request: HttpRequest, draft: PolicyVersion, sent: Sent, refused: Refused) -> HttpResponse:
    form = sent.numbers or sent.text or sent.publish
    assert form is not None  # noqa: S101  one of them was sent
    refusal_to_form(form, refused)
    if isinstance(refused, NotWhole):
        sent.problems = refused.problems
    if isinstance(refused, ExamplesMove):
        sent.moves, sent.digest = lines_of(refused.moves, draft), refused.digest
    return _page(request, draft, sent)


def _draft(code: str) -> PolicyVersion:
    rows = PolicyVersion.objects.filter(code=code, stage=Stage.DRAFT).select_related("author", "base")
    if (draft := rows.first()) is None:
        raise Http404
    return draft


def _page(request: HttpRequest, draft: PolicyVersion, sent: Sent) -> HttpResponse:
    actor, entry = acting(request), consequences.entry_of(draft)
    wrong = any(form is not None for form in (sent.numbers, sent.text, sent.publish))
    company = request.GET.get("company", "")
    trial = TrialForm(request.GET) if company else TrialForm()
    seen = {"seen": draft.content_hash}
    context: dict[str, Any] = {
        "draft": draft,
        "entry": entry,
        "clauses": list(clauses(entry.rule)),
        "numbers": sent.numbers or NumbersForm(draft.data, entry.rule, draft.content_hash),
        "text": sent.text or TextForm(initial={**seen, "text": as_yaml(draft.data)}),
        "publish": sent.publish or PublishForm(initial={**seen, "effective_on": _default(draft)}),
        "sent": sent,
        "examples": against_base(draft),
        "wanting": wanting(entry),
        "no_writing": why_not(actor, PolicyDeed.WRITE, draft.author_id),
        "no_publishing": why_not(actor, PolicyDeed.PUBLISH, draft.author_id),
        "trial": trial,
        "sheet_url": reverse("workbench:policy-sheet", args=[draft.code]),
        "tried": tried(company, draft, entry) if company else None,
        **_consequences(draft),
        "back": Crumb(draft.label, reverse("workbench:policy", args=[draft.code])),
    }
    return render(request, "workbench/policy_draft.html", context, status=422 if wrong else 200)


def _consequences(draft: PolicyVersion) -> dict[str, Any]:
    count = consequences.newest(draft)
    if count is None:
        return {"count": None}
    lines = [(kind.value, KIND_WORDS[kind], getattr(count, kind.value)) for kind in Kind]
    return {
        "count": count,
        "stale": count.done_at is not None and consequences.is_stale(count, today()),
        "kinds": lines,
        "cost": [amount // 100 for amount in (count.cost_before, count.cost_after)],
        "more": (count.cost_after - count.cost_before) // 100,
    }


def _default(draft: PolicyVersion) -> dt.date:
    """Today, or the day of the version it follows, whichever is later."""
    base = draft.base.effective_on if draft.base else None
    return max(today(), base or today())


__all__ = ["TextForm", "affected", "begin", "do", "show"]
