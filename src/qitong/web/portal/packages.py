"""服务包: what an officer proposes to the company, and its answer to each line."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qitong.accounts.models import Enterprise
from qitong.catalogue import queries as catalogue
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import answering, editions, package_words, packages, responsible, suitability
from qitong.policies.logic.package import Answer, Stage, Thing
from qitong.policies.models import PackageLine
from qitong.policies.packages import Whole
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, company_required, refusal_to_form
from qitong.web.common.parts import Crumb
from qitong.web.portal import company, own
from qitong.web.portal.policy_deeds import UnsuitableForm


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal: what it is, why, and where it leads once it is answered."""

    line: PackageLine
    name: Named
    thing: Sentence
    reason: Sentence
    href: str

    @property
    def state(self) -> Sentence:
        return ANSWERED[self.line.answer]


ANSWERED: dict[str, Sentence] = {
    "": say("等您答复"),
    Answer.ACCEPTED: say("要办"),
    Answer.UNSUITABLE: say("不适合"),
}


@company_required
@require_GET
def chooser(request: HttpRequest) -> HttpResponseBase:
    """Who acts for one company is led straight to its package."""
    held = own.companies(request)
    if len(held) == 1:
        return redirect("portal:package", held[0].pk)
    waiting = {row.enterprise_id: row for row in packages.waiting(acting(request))}
    rows = [(one, waiting.get(one.pk)) for one in held]
    return render(request, "portal/packages_choose.html", {"rows": rows})


@company_required
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Looking at it marks nothing: while it is sealed, its cover; the button opens it."""
    held = company.own(request, pk)
    found = packages.of_company(held.pk)
    lines = _lines(held, found) if found else []
    shown = {
        "enterprise": held,
        "found": found,
        "officer": _officer(found) if found else None,
        "sealed": found is not None and found.package.stage == Stage.SENT,
        "waiting": [one for one in lines if not one.line.answer],
        "answered": [one for one in lines if one.line.answer],
        "declined": [(row, _item_name(row.code)) for row in packages.declined_items(held.pk)],
        "several": len(acting(request).enterprise_ids) > 1,
    }
    return render(request, "portal/package.html", shown)


def _item_name(code: str) -> Named:
    current = catalogue.edition_or_none(today())
    return (current.item_names.get(code) if current else None) or Named(code, code)


def _officer(found: Whole) -> tuple[str, str, Sentence]:
    """Name, telephone, and why this one."""
    officer = found.package.officer
    return officer.name, officer.phone, responsible.reason_words(found.package.officer_reason)


def _lines(held: Enterprise, found: Whole) -> list[Line]:
    edition = editions.on_day(today())
    current = catalogue.edition_or_none(today())
    items = current.item_names if current else {}
    return [
        Line(
            line,
            package_words.name_of(line, edition, items),
            package_words.THINGS[Thing(line.thing)],
            package_words.reason_of(line, edition),
            _leads_to(held, line),
        )
        for line in found.lines
    ]


def _leads_to(held: Enterprise, line: PackageLine) -> str:
    if line.case is not None:
        number = line.case.number
        return (
            reverse("portal:case", args=[number]) if number else reverse("portal:draft", args=[line.case.pk])
        )
    if line.thing == Thing.POLICY:
        return reverse("portal:policy", args=[held.pk, line.code])
    return reverse("public:guide", args=[line.code])


@company_required
@require_POST
def open_it(request: HttpRequest, pk: int) -> HttpResponseBase:
    held = company.own(request, pk)
    try:
        answering.open_it(enterprise_id=held.pk, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("portal:package", pk)


@company_required
@require_POST
def accept(request: HttpRequest, pk: int, thing: str, code: str) -> HttpResponseBase:
    """One tap to a draft with everything known filled in, or to the policy that still asks something."""
    held = company.own(request, pk)
    try:
        case = answering.accept(enterprise_id=held.pk, thing=thing, code=code, by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:package", pk)
    if case is not None:
        messages.success(request, gettext("已开好申请草稿，填好了已知的内容。核对后提交。"))
        return redirect("portal:draft", case.pk)
    messages.success(request, gettext("已记下您要办。还要回答几个问题，或者等申报期开始。"))
    return redirect("portal:policy", pk, code)


@company_required
@require_http_methods(["GET", "POST"])
def unsuitable(request: HttpRequest, pk: int, thing: str, code: str) -> HttpResponseBase:
    held = company.own(request, pk)
    found = packages.of_company(held.pk)
    line = next((one for one in _lines(held, found) if _is(one, thing, code)), None) if found else None
    if line is None:
        raise Http404
    form = UnsuitableForm(own.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            answering.decline(
                enterprise_id=held.pk,
                thing=thing,
                code=code,
                **form.cleaned_data,
                by=acting(request),
                at=now(),
            )
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("不再建议“%(name)s”。") % {"name": line.name})
            return redirect("portal:package", pk)
    back = Crumb(gettext("服务包"), reverse("portal:package", args=[pk]))
    shown = {"form": form, "name": line.name, "back": back}
    return render(request, "portal/package_unsuitable.html", shown, status=422 if form.errors else 200)


@company_required
@require_POST
def suitable(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Propose an item again."""
    held = company.own(request, pk)
    suitability.take_back(enterprise_id=held.pk, thing=Thing.ITEM, code=code, by=acting(request), at=now())
    messages.success(request, gettext("已恢复，以后的服务包可以再有这一项。"))
    return redirect("portal:package", pk)


def _is(one: Line, thing: str, code: str) -> bool:
    return (one.line.thing, one.line.code) == (thing, code)
