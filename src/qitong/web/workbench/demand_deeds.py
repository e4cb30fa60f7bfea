"""What officers do with a company's package: propose, add, take out, write, send, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies import proposing
from qitong.policies.logic.package import Thing, barred
from qitong.web.common.dates import now
from qitong.web.common.forms import line_of_text
from qitong.web.common.http import acting, number_of, officer_required, refusal_to_form
from qitong.web.workbench.demand import Shown, context_of, read


class AddForm(forms.Form):
    """``what`` is ``policy:code`` or ``item:code``."""

    what = forms.ChoiceField(
        label=_("政策或事项"),
        help_text=_("没有列出的，企业已经有了，或者说过不适合。"),
        error_messages={"required": _("请选择一项政策或事项。"), "invalid_choice": _("请从列表中选择。")},
    )
    reason = line_of_text(
        _("为什么建议"),
        missing=_("请用一句话写明为什么建议。"),
        hint=_("企业会读到这句话。"),
        longest=proposing.MAX_REASON,
    )

    def __init__(self, shown: Shown, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext("请选择")), *_offered(shown)]


def _offered(shown: Shown) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can still be added, in two groups."""
    profile = shown.profile
    out = barred(profile.unsuitable, profile.leads_to) | profile.had
    out |= {(Thing(line.thing), line.code) for line in (shown.whole.lines if shown.whole else ())}
    policies = [
        (f"policy:{policy.id}", str(Named(policy.name.zh, policy.name.en)))
        for policy in (match.entry.policy for match in profile.mine.matches)
        if (Thing.POLICY, policy.id) not in out
    ]
    items = [
        (f"item:{code}", str(name))
        for code, name in profile.item_names.items()
        if (Thing.ITEM, code) not in out
    ]
    return [(gettext("政策"), policies), (gettext("事项"), items)]


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("写给企业的话"),
        help_text=_("放在服务包最前面，可以不写。"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@dataclass
class Sent:
    """What came with this request and was refused, with its message."""

    add: AddForm | None = None
    note: NoteForm | None = None


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest, uscc: str) -> HttpResponse:
    return _page(request, read(request, uscc), Sent())


@officer_required
@require_POST
def do(request: HttpRequest, uscc: str, deed: str) -> HttpResponse:
    """One deed at the package: ``propose``, ``add``, ``remove``, ``note``, ``send`` or ``withdraw``."""
    shown = read(request, uscc)
    if shown.why_not:
        raise PermissionDenied
    return _DEEDS[deed](request, shown)


def _propose(request: HttpRequest, shown: Shown) -> HttpResponse:
    return _done(
        request,
        shown,
        lambda: proposing.propose(enterprise_id=shown.enterprise.pk, by=acting(request), at=now()),
        gettext("已备好服务包，调整后发给企业。"),
    )


def _remove(request: HttpRequest, shown: Shown) -> HttpResponse:
    line = number_of(request.POST.get("line", "")) or 0
    return _done(
        request,
        shown,
        lambda: proposing.remove(
            enterprise_id=shown.enterprise.pk, line_id=line, by=acting(request), at=now()
        ),
        gettext("已去掉这一项。"),
    )


def _send(request: HttpRequest, shown: Shown) -> HttpResponse:
    return _done(
        request,
        shown,
        lambda: proposing.send(enterprise_id=shown.enterprise.pk, by=acting(request), at=now()),
        gettext("已发给企业，其人员会收到一条消息。"),
    )


def _withdraw(request: HttpRequest, shown: Shown) -> HttpResponse:
    return _done(
        request,
        shown,
        lambda: proposing.withdraw(enterprise_id=shown.enterprise.pk, by=acting(request), at=now()),
        gettext("服务包已撤下。"),
    )


def _done(request: HttpRequest, shown: Shown, deed: Callable[[], object], said: str) -> HttpResponse:
    try:
        deed()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("workbench:demand-of", shown.enterprise.uscc)


def _add(request: HttpRequest, shown: Shown) -> HttpResponse:
    form = AddForm(shown, request.POST)
    if form.is_valid():
        thing, _colon, code = form.cleaned_data["what"].partition(":")
        try:
            proposing.add(
                enterprise_id=shown.enterprise.pk,
                thing=thing,
                code=code,
                reason=form.cleaned_data["reason"],
                by=acting(request),
                at=now(),
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("已加进服务包。"))
            return redirect("workbench:demand-of", shown.enterprise.uscc)
    return _page(request, shown, Sent(add=form))


def _write(request: HttpRequest, shown: Shown) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["note"]
        try:
            proposing.write(enterprise_id=shown.enterprise.pk, text=text, by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("已保存。"))
            return redirect("workbench:demand-of", shown.enterprise.uscc)
    return _page(request, shown, Sent(note=form))


_DEEDS: dict[str, Callable[[HttpRequest, Shown], HttpResponse]] = {
    "propose": _propose,
    "add": _add,
    "remove": _remove,
    "note": _write,
    "send": _send,
    "withdraw": _withdraw,
}


def _page(request: HttpRequest, shown: Shown, sent: Sent) -> HttpResponse:
    wrong = sent.add or sent.note
    kept = {"note": shown.whole.package.note} if shown.whole else {}
    context = {
        **context_of(shown),
        "add": sent.add or AddForm(shown),
        "note": sent.note or NoteForm(initial=kept),
        "wrong": wrong,
    }
    return render(request, "workbench/demand_of.html", context, status=422 if wrong else 200)
