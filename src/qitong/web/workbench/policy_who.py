"""谁能享受: who can get a policy today, who lacks an answer, who is one condition off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.accounts.models import Enterprise
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import editions, qualified, qualifying
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.qualifying import Answer, Group, Line
from qitong.web.common.counting import capped
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, number_of, officer_required
from qitong.web.common.parts import Crumb, Tab

TITLES: dict[Group, Sentence] = {
    Group.MET: say("能享受"),
    Group.UNKNOWN: say("还差情况"),
    Group.NEAR: say("只差一项"),
}
HINTS: dict[Group, Sentence] = {
    Group.MET: say("条件符合，或者只差主管部门判断的企业，列在这里。"),
    Group.UNKNOWN: say("还缺回答、无法判断的企业，列在这里，写明缺哪些。"),
    Group.NEAR: say("其他条件都符合、只有一项没有达到的企业，列在这里，写明差多少。"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in words."""

    answer: Answer
    says: Sentence
    amount: Sentence
    note: Sentence


@dataclass(frozen=True, slots=True)
class Row:
    """A company with what is told of it, never nothing."""

    enterprise: Enterprise
    told: Sequence[Told]


def rows(lines: Iterable[Line], group: Group) -> list[Row]:
    return [Row(line.enterprise, [_told(it, group) for it in line.answers]) for line in lines]


def _told(answer: Answer, group: Group) -> Told:
    match = answer.match
    return Told(answer, qualifying.says(match, group), qualifying.amount(match), qualifying.note(answer))


def group_of(request: HttpRequest) -> Group:
    """The group of ``?show=``; who can get it, by default."""
    asked = request.GET.get("show", "")
    return Group(asked) if asked in set(Group) else Group.MET


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One group of ``?show=``, onwards from the company ``?after=``."""
    on = today()
    library = editions.on_day(on).library
    entry = library.entries.get(code)
    if entry is None:
        raise Http404
    group = group_of(request)
    companies = qualifying.companies_of(acting(request))
    after = number_of(request.GET.get("after", "")) or 0
    found = qualifying.page([code], group, companies, library, on, after=after, most=qualifying.SIZE)
    name = Named(entry.policy.name.zh, entry.policy.name.en)
    context = {
        "name": name,
        "in_force": entry.standing(on).in_force,
        "group": group,
        "tabs": [Tab(TITLES[one], f"?show={one}", one is group) for one in Group],
        "hint": HINTS[group],
        "rows": rows(found.lines, group),
        "total": capped(qualifying.met(companies).filter(policy=code)) if group is Group.MET else "",
        "looked": found.looked,
        "code": code,
        "served": bool(why_not(acting(request), PolicyDeed.BEGIN)),
        "next": f"?show={group}&after={found.next}" if found.next else "",
        "begun": after > 0,
        "on": on,
        "back": Crumb(name, reverse("workbench:policy", args=[code])),
    }
    return render(request, "workbench/policy_who.html", context)


@never_cache
@officer_required
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponseBase:
    """Who can have it, as a table."""
    try:
        file = qualified.take(code=code, by=acting(request), at=now())
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from None
        messages.error(request, str(refused))
        return redirect("workbench:policy-who", code)
    name = f"{gettext('谁能享受')}-{code}-{today():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=qualified.XLSX)
