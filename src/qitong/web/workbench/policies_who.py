"""谁能享受, all policies in force at once: for each policy how many, for each company which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.accounts.models import Enterprise
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.policies import editions, qualified, qualifying
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.library import Entry
from qitong.policies.logic.window_words import window_words
from qitong.policies.models import Holding, PolicyVersion
from qitong.policies.qualifying import Group
from qitong.web.common import counting
from qitong.web.common.counting import Capped
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, number_of, officer_required
from qitong.web.common.parts import Crumb, Tab
from qitong.web.workbench.policy_who import TITLES, group_of, rows

SIZE = 40
"""Policies of a page."""
FEW = 5000
"""Up to so many companies are counted by company, more of them by policy."""
HINTS: dict[Group, Sentence] = {
    Group.MET: say("至少能享受一项政策的企业，列在这里，写明是哪几项。"),
    Group.UNKNOWN: say("有政策还缺回答、无法判断的企业，列在这里，写明缺哪些。"),
    Group.NEAR: say("有政策只差一项条件的企业，列在这里，写明差多少。"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A policy in force; ``met``: how many of the reader's companies can get it."""

    entry: Entry
    window: Sentence
    met: int | str


@never_cache
@officer_required
@require_GET
def by_policy(request: HttpRequest) -> HttpResponse:
    """By their codes, onwards from the policy ``?after=``."""
    on = today()
    edition = editions.on_day(on)
    codes = qualifying.in_force(edition.library, on)
    following = [code for code in codes if code > request.GET.get("after", "")]
    shown = following[:SIZE]
    counts = _counts(shown, qualifying.companies_of(acting(request)))
    entries = [edition.library.entries[code] for code in shown]
    context = {
        "lines": [Line(it, window_words(it.standing(on)), counts[it.policy.id]) for it in entries],
        "next": shown[-1] if len(following) > SIZE else "",
        "begun": len(following) < len(codes),
        **_common(request, len(codes), None),
    }
    return render(request, "workbench/policies_who.html", context)


@never_cache
@officer_required
@require_GET
def by_company(request: HttpRequest) -> HttpResponse:
    """One group of ``?show=``, onwards from the company ``?after=``."""
    on, group = today(), group_of(request)
    library = editions.on_day(on).library
    codes, companies = qualifying.in_force(library, on), qualifying.companies_of(acting(request))
    after = number_of(request.GET.get("after", "")) or 0
    found = qualifying.page(
        codes,
        group,
        companies,
        library,
        on,
        after=after,
        most=qualifying.SIZE_OF_ALL,
        answers=qualifying.ANSWERS,
    )
    context = {
        "group": group,
        "hint": HINTS[group],
        "rows": rows(found.lines, group),
        "looked": found.looked,
        "next": f"?show={group}&after={found.next}" if found.next else "",
        "begun": after > 0,
        **_common(request, len(codes), group),
    }
    return render(request, "workbench/policies_who_companies.html", context)


@never_cache
@officer_required
@require_POST
def take(request: HttpRequest) -> HttpResponseBase:
    """Who can have which of them, as a table."""
    try:
        file = qualified.take_all(by=acting(request), at=now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workbench:policies-who")
    name = f"{gettext('谁能享受')}-{today():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=qualified.XLSX)


def _common(request: HttpRequest, policies: int, group: Group | None) -> dict[str, object]:
    companies = reverse("workbench:policies-who-companies")
    return {
        "tabs": [
            Tab(_("按政策"), reverse("workbench:policies-who"), group is None),
            *(Tab(words, f"{companies}?show={one}", one is group) for one, words in TITLES.items()),
        ],
        "policies": policies,
        "served": bool(why_not(acting(request), PolicyDeed.BEGIN)),
        "on": today(),
        "back": Crumb(_("政策"), reverse("workbench:policies")),
    }


def _counts(codes: Sequence[str], companies: QuerySet[Enterprise]) -> dict[str, int | str]:
    """How many of the companies can get each policy: two queries, whatever there is of either."""
    keys = list(companies.order_by().values_list("pk", flat=True)[: FEW + 1])
    found = _of_few(codes, keys) if len(keys) <= FEW else _of_many(codes, companies)
    return {code: counting.shown(found.get(code, 0)) for code in codes}


def _of_few(codes: Sequence[str], keys: Sequence[int]) -> dict[str, int]:
    """From the companies: theirs would be few among all who can get a policy."""
    held = Holding.objects.filter(enterprise__in=keys, policy__in=codes, holds=True)
    return dict(held.order_by().values_list("policy").annotate(count=Count("pk")))


def _of_many(codes: Sequence[str], companies: QuerySet[Enterprise]) -> dict[str, int]:
    """From the policies, none past the limit. Each has a count of its own, for the database plans it by how
    many can get that one."""
    met = qualifying.met(companies)
    counts = {f"met_{code}": Capped(met.filter(policy=code)) for code in codes}
    row = PolicyVersion.objects.filter(code__in=codes).order_by().values(**counts).first()
    return {code: row[f"met_{code}"] for code in codes} if row else {}
