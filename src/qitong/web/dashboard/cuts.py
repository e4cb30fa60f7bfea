"""A figure and the address of the list it counts: the same cut, written as a link and read again."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qitong.insight.logic.figures import months_back
from qitong.insight.logic.terms import Kind
from qitong.insight.queries import WHATS, Cut
from qitong.web.common.parts import Text

REQUEST = "request"
"""How the address names what has no item."""
LONGEST = 60
WORDS: dict[str, Text] = {
    "in": _("收到"),
    "open": _("在办"),
    "near": _("即将到期"),
    "urgent": _("超期和即将到期"),
    "week": _("本周内到期"),
    "overdue": _("超期"),
    "paused": _("暂停计时"),
    "closed": _("办结"),
    "on_time": _("按时办结"),
    "late": _("超期办结"),
    "ended": _("其他结束"),
}
KINDS: dict[Kind, Text] = {Kind.CASE: _("办件"), Kind.TASK: _("任务")}


def address(cut: Cut) -> str:
    """Where the list of ``cut`` is. Departments go by their primary key, as the facts hold them."""
    asked: dict[str, Any] = {"kind": cut.kind.value, "what": cut.what}
    if cut.department is not None:
        asked["department"] = cut.department
    if cut.item is not None:
        asked["item"] = cut.item or REQUEST
    for name, month in (("since", cut.since), ("until", cut.until)):
        if month is not None:
            asked[name] = f"{month:%Y-%m}"
    return f"{reverse('dashboard:cases')}?{urlencode(asked)}"


def read(given: QueryDict) -> Cut:
    """The cut of an address; what is unknown is left out, so that an old link still opens."""
    kind, what = given.get("kind", ""), given.get("what", "")
    department, item = given.get("department", ""), given.get("item", "")[:LONGEST]
    return Cut(
        kind=Kind(kind) if kind in set(Kind) else Kind.CASE,
        what=what if what in WHATS else "open",
        department=int(department) if re.fullmatch(r"[0-9]{1,18}", department) else None,
        item="" if item == REQUEST else item or None,
        since=month_of(given.get("since", "")),
        until=month_of(given.get("until", "")),
    )


def month_of(text: str) -> dt.date | None:
    """``2026-03``; None for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
    return dt.date(int(found[1]), int(found[2]), 1) if found else None


@dataclass(frozen=True, slots=True)
class Period:
    """Months, both included, over which what was closed is counted."""

    code: str
    label: Text
    since: dt.date
    until: dt.date


def periods(today: dt.date) -> list[Period]:
    this = today.replace(day=1)
    last = months_back(today, 1)
    return [
        Period("12m", _("近12个月"), months_back(today, 11), this),
        Period("month", _("本月"), this, this),
        Period("last", _("上月"), last, last),
        Period("year", _("今年"), this.replace(month=1), this),
    ]


def period_of(given: QueryDict, today: dt.date) -> Period:
    known = periods(today)
    return next((period for period in known if period.code == given.get("period")), known[0])
