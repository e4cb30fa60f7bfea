"""What comes for a company: what to prepare, until when, and what is still missing for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies import preparing
from qitong.policies.logic.coming import SORT_WORDS, Sort
from qitong.policies.preparing import Plan, Preparation
from qitong.web.common.dates import shown, today
from qitong.web.common.http import acting, company_required
from qitong.web.common.parts import Row, Text, Tone
from qitong.web.portal import company, own, policies, policy_papers, policy_words

FIRST = 8
"""So many things are in sight; what comes later is folded."""
SHOWN = 5
"""So many questions of a policy are listed; the rest is on its page."""


@company_required
@require_GET
def chooser(request: HttpRequest) -> HttpResponseBase:
    """Who acts for one company is led straight to what it has to prepare."""
    held = own.companies(request)
    if len(held) == 1:
        return redirect("portal:policies_coming_of", held[0].pk)
    context = {"companies": held, "view": "portal:policies_coming_of"}
    return render(request, "portal/policies_choose.html", context)


@never_cache
@company_required
@require_GET
def listing(request: HttpRequest, pk: int) -> HttpResponseBase:
    plan = preparing.of_company(company.own(request, pk), by=acting(request), on=today())
    context = {
        "mine": plan.mine,
        "until": plan.span.last,
        "prepare": [_card(plan, one) for one in plan.prepare[:FIRST]],
        "later": [_card(plan, one) for one in plan.prepare[FIRST:]],
        "ending": [_card(plan, one) for one in plan.ending],
        "all": policies.crumb(plan.mine),
    }
    return render(request, "portal/policies_coming.html", context)


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact to give; without ``href`` it cannot be given yet."""

    label: Text
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that comes, in words. ``href`` is empty while today's policies do not have it yet."""

    key: str
    name: Named
    href: str
    sort: tuple[Sentence, Tone]
    chip: tuple[Text, Tone]
    rows: list[Row]
    says: Sentence
    expected: bool
    asks: list[Ask]
    more: int
    renew: list[Sentence]
    papers: list[policy_papers.PaperLine]
    papers_told: Sentence
    successor: Named | None


def _card(plan: Plan, one: Preparation) -> Card:
    mine, coming, policy = plan.mine, one.item.coming, one.item.entry.policy
    there = coming.policy in mine.edition.library.entries
    successor = one.item.successor
    return Card(
        key=f"{coming.sort}-{coming.policy}-{coming.first}",
        name=_named(policy.name),
        href=policies.address(mine, coming.policy) if there else "",
        sort=(SORT_WORDS[coming.sort], Tone.PLAIN if coming.sort is Sort.EXPECTED else Tone.TIDE),
        chip=_chip(plan, one),
        rows=list(_rows(plan, one)),
        says=policy_words.outcome(one.match),
        expected=coming.sort is Sort.EXPECTED,
        asks=[_ask(plan, one, n) for n in range(min(SHOWN, len(one.ask)))],
        more=max(0, len(one.ask) - SHOWN),
        renew=[
            say("“{fact}”现在的回答用到{day}，之后要填新的。", fact=each.spec.label, day=shown(each.last))
            for each in one.renew
        ],
        papers=[policy_papers.line(paper) for paper in one.papers],
        papers_told=policy_papers.counted(one.papers),
        successor=_named(successor.policy.name) if successor else None,
    )


def _named(text: object) -> Named:
    return Named(getattr(text, "zh", ""), getattr(text, "en", ""))


def _chip(plan: Plan, one: Preparation) -> tuple[Text, Tone]:
    if plan.has_applied(one):
        return say("已在申请"), Tone.TIDE
    if one.meets or one.ask:
        return policy_words.CHIPS[one.match.found.outcome]
    return say("只差一项"), Tone.AMBER


def _ask(plan: Plan, one: Preparation, n: int) -> Ask:
    spec, mine = one.ask[n], plan.mine
    known = spec.name in mine.edition.library.fields
    return Ask(spec.question, policy_words.question_address(mine, spec.name) if known else "")


def _rows(plan: Plan, one: Preparation) -> Iterator[Row]:
    coming, on = one.item.coming, plan.mine.on
    first, last = shown(coming.first), shown(coming.last) if coming.last else ""
    match coming.sort:
        case Sort.WINDOW if coming.first < on:
            yield Row(say("申报期"), say("正在受理，{last}截止", last=last))
        case Sort.WINDOW:
            yield Row(say("申报期"), say("{first}至{last}", first=first, last=last))
        case Sort.EXPECTED:
            yield Row(say("上一轮推算"), say("{first}至{last}，尚未公布", first=first, last=last))
        case Sort.ENDS:
            yield Row(say("最后一天"), say("{day}", day=first))
        case _:
            yield Row(say("施行日期"), say("{day}", day=first))
    if one.begin_by is not None and not plan.has_applied(one):
        yield Row(say("开始准备"), _begin(plan, one))


def _begin(plan: Plan, one: Preparation) -> Sentence:
    """By when to begin, and how much time that leaves, in working days."""
    if one.begin_by is None:
        return NOTHING
    told = {"day": shown(one.begin_by), "n": one.workdays}
    if one.begin_by == plan.mine.on and not one.workdays:
        return say("今天就开始")
    if one.begin_by == plan.mine.on:
        found = say("今天就开始，还有{n}个工作日", **told)
    else:
        found = say("最晚{day}，留{n}个工作日", **told)
    return say("{when}（放假安排未公布，按法定节假日计）", when=found) if one.provisional else found
