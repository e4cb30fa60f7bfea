"""政策预研: what comes in a quarter, and for how many companies it would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies import foresight, outdated, outlooks
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.foresight import Counted, Item
from qitong.policies.foresight_models import Estimate
from qitong.policies.logic import quarters
from qitong.policies.logic.coming import SORT_WORDS, Sort
from qitong.policies.logic.quarters import Quarter
from qitong.policies.outdated import Renewed
from qitong.web.common.counting import capped
from qitong.web.common.dates import shown, today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.parts import Crumb, Tab

MOST = 100
"""So many of a section are listed."""
FEW = 6
"""So many facts are named; the rest is counted."""
NAMES = {
    1: say("{year}年第一季度"),
    2: say("{year}年第二季度"),
    3: say("{year}年第三季度"),
    4: say("{year}年第四季度"),
}
SECTIONS: tuple[tuple[str, Sentence, tuple[Sort, ...], Sentence], ...] = (
    ("windows", say("已公布的申报窗口"), (Sort.WINDOW,), say("本季度没有已公布的申报窗口。")),
    ("expected", say("预计的申报窗口"), (Sort.EXPECTED,), say("没有可以按上一轮推算的窗口。")),
    (
        "new",
        say("新施行和新版本"),
        (Sort.BEGINS, Sort.CHANGES),
        say("本季度没有新施行的政策，也没有生效的新版本。"),
    ),
    ("ends", say("到期"), (Sort.ENDS,), say("本季度没有到期的政策。")),
    ("drafts", say("起草中"), (Sort.DRAFT,), say("没有起草中的政策。")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that comes. ``estimate`` is None while it is not counted as it is now."""

    item: Item
    when: Sentence
    note: Sentence
    estimate: Estimate | None
    judged: Sentence
    lacking: Sentence

    @property
    def name(self) -> Named:
        name = self.item.entry.policy.name
        return Named(name.zh, name.en)


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: Sentence
    lines: Sequence[Line]
    empty: Sentence

    @property
    def shown(self) -> Sequence[Line]:
        """The earliest of them."""
        return self.lines[:MOST]

    @property
    def most(self) -> int:
        """How many are shown, when that is not all; else 0."""
        return MOST if len(self.lines) > MOST else 0


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The quarter of ``?quarter=2027Q1``; the next one by default, and for what is no quarter."""
    on = today()
    current = quarters.quarter_of(on)
    ahead = [current.later(n) for n in range(outlooks.AHEAD + 1)]
    quarter = quarters.read(request.GET.get("quarter", "")) or current.next
    items, counted = foresight.of_quarter(quarter, on), foresight.counted(quarter)
    context = {
        "quarter": quarter,
        "name": _name(quarter),
        "span": quarter.span,
        "tabs": [_tab(one, quarter) for one in sorted({*ahead, quarter})],
        "sections": list(_sections(items, counted, on)),
        "counted": counted.outlook if items else None,
        "state": _state(quarter, counted, on, items),
        "next": None if items else _next(quarter, on),
        "may_write": not why_not(acting(request), PolicyDeed.BEGIN),
        "renewed": [_renewed(one) for one in outdated.renewed(quarter)],
        "lapses": capped(outdated.lapses(quarter, on)),
        "back": Crumb(_("政策"), reverse("workbench:policies")),
        "feed": request.build_absolute_uri(reverse("calendar-policies")),
    }
    return render(request, "workbench/policies_coming.html", context)


def _name(quarter: Quarter) -> Sentence:
    return Sentence(NAMES[quarter.number].text, {"year": str(quarter.year)})


def _tab(one: Quarter, shown_now: Quarter) -> Tab:
    return Tab(_name(one), f"?quarter={one}", one == shown_now)


def _sections(items: Sequence[Item], counted: Counted, on: dt.date) -> list[Section]:
    lines = [_line(item, counted, on) for item in items]
    return [
        Section(key, title, [line for line in lines if line.item.coming.sort in sorts], empty)
        for key, title, sorts, empty in SECTIONS
    ]


def _line(item: Item, counted: Counted, on: dt.date) -> Line:
    estimate = counted.of(item)
    judged = say("按{day}判断", day=shown(estimate.judged_on)) if estimate else NOTHING
    return Line(item, _when(item, on), _note(item), estimate, judged, _lacking(item, estimate))


def _when(item: Item, on: dt.date) -> Sentence:
    one = item.coming
    told = {"first": shown(one.first), "last": shown(one.last) if one.last else ""}
    if one.last is not None:
        return say("{first}至{last}", **told)
    if one.sort is Sort.ENDS:
        return say("{first}为最后一天", **told)
    return say("{first}起", **told)


def _note(item: Item) -> Sentence:
    """What else there is to know: what replaces it, whose draft it is, what is still to be verified."""
    if item.draft is not None:
        author = item.draft.author.name if item.draft.author else item.draft.authored_by
        return say("{author}起草，可能修改、推迟或不发布", author=author)
    if item.coming.sort is Sort.ENDS:
        if item.successor is None:
            return say("没有公布接续的政策")
        name = item.successor.policy.name
        return say("由“{name}”接续", name=Named(name.zh, name.en))
    if item.coming.sort is Sort.CHANGES:
        return say("第{n}版", n=item.number)
    return say("待核实") if item.entry.standing(item.coming.first).to_be_verified else NOTHING


def _lacking(item: Item, estimate: Estimate | None) -> Sentence:
    """The fact that most of the undecided lack."""
    if estimate is None or not estimate.missing:
        return NOTHING
    fact, count = min(estimate.missing.items(), key=lambda pair: (-pair[1], pair[0]))
    spec = item.entry.rule.fields.get(fact)
    return say("多数缺“{fact}”（{n}家）", fact=spec.label if spec else fact, n=count)


def _next(quarter: Quarter, on: dt.date) -> tuple[Sentence, Quarter | None]:
    """In a quarter without anything: what comes first after it, and the quarter to look at."""
    item = foresight.next_after(quarter, on)
    if item is None:
        return say("已公布的政策里，之后两年内也没有。"), None
    name, one = item.entry.policy.name, item.coming
    told = {"policy": Named(name.zh, name.en), "what": SORT_WORDS[one.sort], "day": shown(one.first)}
    return say("之后最近的一项：“{policy}”（{what}），{day}。", **told), quarters.quarter_of(one.first)


def _renewed(one: Renewed) -> Sentence:
    """What is asked anew from which day on, and how many policies read it."""
    names: list[object] = [spec.label for spec in one.facts[:FEW]]
    told: dict[str, object] = {"day": shown(one.day), "facts": names}
    told |= {"year": str(one.year), "before": str(one.year - 1)}
    told |= {"n": len(one.facts), "m": one.policies}
    if len(one.facts) > FEW:
        return say("{day}起要问{year}年的，{before}年的不再算数：{facts}等{n}项，涉及{m}项政策。", **told)
    return say("{day}起要问{year}年的，{before}年的不再算数：{facts}，涉及{m}项政策。", **told)


def _state(quarter: Quarter, counted: Counted, on: dt.date, items: Sequence[Item]) -> Sentence:
    """When it was counted, of how many companies it speaks; or why it was not."""
    if not items:
        return NOTHING
    if counted.under_way is not None:
        return say("正在测算，已看{n}家企业，看完后显示新的结果。", n=counted.under_way.judged)
    if counted.outlook is not None:
        stale = any(counted.of(item) is None for item in items)
        return say("有政策或草稿在测算之后改过，几分钟内重新测算。") if stale else NOTHING
    if quarter in outlooks.quarters_ahead(on):
        return say("还没有测算，几分钟内开始。")
    return say("只测算本季度和之后的两个季度。")
