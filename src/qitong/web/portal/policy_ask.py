"""One question a screen: what is asked, why, and what the answer changed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import facts
from qitong.policies.factwords import source_words, value_words
from qitong.policies.logic import reading
from qitong.policies.logic.currency import year_of
from qitong.policies.logic.keeping import Given
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind, decimal_text, normal
from qitong.policies.matching import Match
from qitong.policies.queries import Mine
from qitong.policies.sections import Section
from qitong.web.common.dates import now
from qitong.web.common.dates import shown as date_shown
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.portal import policies, typed
from qitong.web.portal.policies import mine_of, next_question

YES, NO = "true", "false"
LONGEST = 60


@company_required
@require_GET
def following(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To the next question worth asking (of one policy with ``?for=``), or back when none is left."""
    return _onwards(mine_of(request, pk), request.GET.get("for", ""))


@typed.outlives_the_login
@company_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    mine = mine_of(request, pk)
    spec = mine.edition.library.fields.get(name)
    if spec is None:
        raise Http404
    policy = request.GET.get("for", "")
    policy = policy if policy in mine.edition.library.entries else ""
    unknown = "unknown" in request.POST
    form = FactForm(mine, spec, None if unknown else _posted(request), again=typed.again(request))
    if request.method == "POST" and (unknown or form.is_valid()):
        try:
            value = None if unknown else form.given()
            facts.answer(enterprise_id=pk, name=name, value=value, by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused, **{name: form.key})
        else:
            after = mine_of(request, pk)
            messages.success(request, str(_changed(mine, after)))
            return _onwards(after, policy)
    shown = {
        "mine": mine,
        "spec": spec,
        "form": form,
        "answer": form[form.key],
        "why": _why(mine, name),
        "before": _before(mine, spec),
        "policy": policy,
        "all": policies.crumb(mine),
    }
    return render(request, "portal/policy_question.html", shown, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _onwards(mine: Mine, policy: str) -> HttpResponseBase:
    asking = next_question(mine, policy)
    if asking is not None:
        return redirect(asking.href)
    if policy in mine.edition.library.entries:
        return redirect("portal:policy", mine.enterprise.pk, policy)
    return redirect("portal:policies_of", mine.enterprise.pk)


def _why(mine: Mine, name: str) -> Sentence:
    found = next((q for q in mine.questions if q.fact == name), None)
    return policies.why(mine, found) if found else say("")


def _before(mine: Mine, spec: FieldSpec) -> Sentence:
    """What is known already; empty when nothing is."""
    known = mine.known.get(spec.name)
    if known is None or known.value is None:
        return say("")
    told = {
        "value": value_words(spec, known.value),
        "source": source_words(known),
        "day": date_shown(known.as_of),
    }
    return say("现在记着：{value}（{source}，{day}）。新的回答从今天起算。", **told)


def _changed(before: Mine, after: Mine) -> Sentence:
    """What the answer settled, in one sentence."""
    told = []
    for section, text in (
        (Section.NOW, say("现在可以享受：{names}。")),
        (Section.NEAR, say("只差一项：{names}。")),
        (Section.NOT, say("不适合：{names}。")),
    ):
        earlier = {m.entry.policy.id for m in before.sections[section]}
        fresh = [m for m in after.sections[section] if m.entry.policy.id not in earlier]
        if fresh:
            told.append(Sentence(text.text, {"names": [_name(m) for m in fresh[:4]]}))
    if not told:
        return say("已记下。清单没有变化，还要看其他情况。")
    return say("已记下。{changes}", changes=" ".join(str(one) for one in told))


def _name(match: Match) -> Named:
    return Named(match.entry.policy.name.zh, match.entry.policy.name.en)


class FactForm(forms.Form):
    """One field, ``fact.<name>``; the domain judges what is typed."""

    use_required_attribute = False

    def __init__(
        self, mine: Mine, spec: FieldSpec, data: QueryDict | None, *, again: QueryDict | None = None
    ) -> None:
        self.spec = spec
        self.key = f"fact.{spec.name}"
        known = mine.known.get(spec.name)
        initial: object = _typed(spec, known.value) if known and known.value is not None else None
        if again and self.key in again:
            initial = again.getlist(self.key) if spec.kind is Kind.CODES else again[self.key]
        super().__init__(data, initial={self.key: initial})
        self.fields[self.key] = _field(spec, str(spec.question), _hint(spec, mine))

    def given(self) -> Given:
        """The answer as the domain takes it: numbers as text, with all their digits."""
        value = self.cleaned_data[self.key]
        if self.spec.kind is Kind.BOOL:
            return bool(value == YES)
        if self.spec.kind is Kind.RATIO:
            text = str(value).strip()
            return text if text.endswith(("%", "％")) else f"{text}%"
        return list(value) if self.spec.kind is Kind.CODES else str(value).strip()


def _typed(spec: FieldSpec, value: Any) -> object:
    """A known value as it would be typed."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, frozenset):
        return sorted(value)
    if not spec.of.most:
        return str(value)
    number = reading.written(spec, value)
    return decimal_text(normal(Fraction(number) * 100) if spec.kind is Kind.RATIO else number)


def _hint(spec: FieldSpec, mine: Mine) -> str:
    year = year_of(spec, mine.on)
    parts = []
    if spec.kind is Kind.RATIO:
        parts.append(gettext("填百分数，如5表示5%。"))
    elif spec.of.most:
        parts.append(gettext("单位：%(unit)s") % {"unit": spec.of.name})
    if year is not None:
        parts.append(gettext("问的是%(year)s年度的情况。") % {"year": year})
    return " · ".join(parts)


def _field(spec: FieldSpec, label: str, hint: str) -> forms.Field:
    errors = {"required": _("请回答，或者选“还不清楚”。"), "invalid_choice": _("请从列表中选择。")}
    choices = [(code, str(name)) for code, name in spec.codes]
    if spec.kind is Kind.BOOL:
        choices = [(YES, gettext("是")), (NO, gettext("否"))]
    if choices and spec.kind is Kind.CODES:
        return forms.MultipleChoiceField(
            label=label,
            help_text=hint,
            choices=choices,
            error_messages=errors,
            widget=forms.CheckboxSelectMultiple,
        )
    if choices:
        return forms.ChoiceField(
            label=label, help_text=hint, choices=choices, error_messages=errors, widget=forms.RadioSelect
        )
    if spec.kind is Kind.DATE:
        errors["invalid"] = _("请填写日期，如 2026-03-20。")
        return forms.DateField(
            label=label,
            help_text=hint,
            error_messages=errors,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
        )
    widget = forms.TextInput({"inputmode": "decimal" if spec.of.most else "text", "autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST, error_messages=errors, widget=widget
    )
