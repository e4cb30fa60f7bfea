"""谁能享受: who can get a policy today, who lacks an answer, who is one condition off."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies import editions, qualifying
from qitong.policies.logic import wording
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.units import Kind
from qitong.policies.matching import Match, yearly
from qitong.policies.qualifying import Group, Line
from qitong.web.common.counting import capped
from qitong.web.common.dates import today
from qitong.web.common.http import acting, number_of, officer_required
from qitong.web.common.parts import Crumb, Tab

WORDS: dict[Group, tuple[Sentence, Sentence]] = {
    Group.MET: (say("能享受"), say("条件符合，或者只差主管部门判断的企业，列在这里。")),
    Group.UNKNOWN: (say("还差情况"), say("还缺回答、无法判断的企业，列在这里，写明缺哪些。")),
    Group.NEAR: (say("只差一项"), say("其他条件都符合、只有一项没有达到的企业，列在这里，写明差多少。")),
}
MOST = 4
"""So many missing facts are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words."""

    line: Line
    says: Sentence
    amount: Sentence


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
    asked = request.GET.get("show", "")
    group = Group(asked) if asked in set(Group) else Group.MET
    companies = qualifying.companies_of(acting(request))
    after = number_of(request.GET.get("after", "")) or 0
    found = qualifying.page(code, group, companies, library, on, after=after)
    name = Named(entry.policy.name.zh, entry.policy.name.en)
    context = {
        "name": name,
        "in_force": entry.standing(on).in_force,
        "group": group,
        "tabs": [Tab(WORDS[one][0], f"?show={one}", one is group) for one in Group],
        "hint": WORDS[group][1],
        "lines": [Told(line, _says(line.match, group), _amount(line.match)) for line in found.lines],
        "total": capped(qualifying.met(code, companies)) if group is Group.MET else "",
        "looked": found.looked,
        "next": f"?show={group}&after={found.next}" if found.next else "",
        "begun": after > 0,
        "on": on,
        "back": Crumb(name, reverse("workbench:policy", args=[code])),
    }
    return render(request, "workbench/policy_who.html", context)


def _says(match: Match, group: Group) -> Sentence:
    found = match.found
    if group is Group.UNKNOWN:
        lacking = list(wording.labels(found.missing, found.rule))
        told = {"facts": lacking[:MOST], "n": len(lacking)}
        return say("缺：{facts}等{n}项。", **told) if len(lacking) > MOST else say("缺：{facts}。", **told)
    if group is Group.NEAR:
        failing = next(told for told in found.results if told.result is False)
        return failing.leading.says
    by_hand = found.outcome is Outcome.MANUAL_REVIEW
    return say("规则能核对的都符合，待主管部门判断。") if by_hand else say("各项条件都符合。")


def _amount(match: Match) -> Sentence:
    """What it brings in a year."""
    worth = yearly(match)
    if worth is None:
        return say("缺少资料")
    return say("{amount}", amount=wording.shown(worth, Kind.MONEY)) if worth else NOTHING
