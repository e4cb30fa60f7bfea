"""Who looked at somebody's personal data: from which seat, when, and at what. For the person concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts import showing
from qitong.accounts.actors import Role
from qitong.kernel.words import Named
from qitong.ledger.queries import ShownEntry, latest
from qitong.web.common.account import LAYOUTS, oneself
from qitong.web.common.context import audience_of
from qitong.web.common.http import number_of
from qitong.web.common.parts import Crumb

SIZE = 50


@dataclass(frozen=True, slots=True)
class Look:
    """One look; ``seat`` is the department and role it was made from, not a name."""

    at: dt.datetime
    seat: str
    what: str


def looks(entries: Sequence[ShownEntry], papers: Mapping[str, str]) -> list[Look]:
    """Rows for entries of :data:`showing.LOOKS`; ``papers`` are names of files by their address."""
    return [Look(entry.at, _seat(entry), _what(entry, papers)) for entry in entries]


def _seat(entry: ShownEntry) -> str:
    place, role = entry.facts.get("department"), entry.facts.get("role")
    where = str(Named(place["zh"], place["en"])) if place else ""
    what = str(Role(role).label) if role in set(Role) else ""
    if entry.by.startswith("token:"):
        what = f"{what}{gettext('（接口）')}"
    if entry.by.startswith("visit:"):
        what = gettext("安全管理员（查看）")
    return " ".join(filter(None, (where, what))) or gettext("没有记录岗位")


def _what(entry: ShownEntry, papers: Mapping[str, str]) -> str:
    if entry.kind == showing.SHOWN:
        return gettext("联系方式等个人信息")
    name = papers.get(str(entry.facts.get("document")), "")
    return gettext("文件“%(name)s”") % {"name": name} if name else gettext("文件")


@login_required
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Who has looked at how one is called and reached."""
    before = number_of(request.GET.get("before", ""))
    found = latest(oneself(request).ref, before=before, limit=SIZE + 1, only=showing.LOOKS)
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "title": gettext("谁看过我的个人信息"),
        "rows": looks(found[:SIZE], {}),
        "older": f"?before={found[SIZE - 1].number}" if len(found) > SIZE else "",
        "back": Crumb(gettext("账户"), reverse("account")),
    }
    return render(request, "common/looks.html", shown)
