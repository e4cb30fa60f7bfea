"""政策: what the company can get and why, policy by policy."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from qitong.accounts.models import Enterprise
from qitong.catalogue import queries as catalogue
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import applying, matching, papers, queries
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.question import Question
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind
from qitong.policies.logic.window_words import window_words
from qitong.policies.logic.wording import shown
from qitong.policies.matching import Match
from qitong.policies.opening import opened
from qitong.policies.queries import Mine, is_open
from qitong.policies.schema import Bilingual
from qitong.policies.sections import Section
from qitong.web.common.dates import now, today
from qitong.web.common.dates import shown as date_shown
from qitong.web.common.http import acting, company_required, number_of
from qitong.web.common.parts import Crumb, Row
from qitong.web.common.visiting import visit_of
from qitong.web.portal import company, own, policy_words
from qitong.web.portal.policy_choices import choices, excluded, name_of
from qitong.web.portal.policy_papers import PaperLine, line
from qitong.web.portal.policy_withheld import withheld

MOST = 6
"""Of a section so many are in sight; the rest is folded."""


@company_required
@require_GET
def chooser(request: HttpRequest) -> HttpResponseBase:
    """Who acts for one company is led straight to its policies."""
    held = own.companies(request)
    if len(held) == 1:
        return redirect("portal:policies_of", held[0].pk)
    context = {"companies": held, "view": "portal:policies_of"}
    return render(request, "portal/policies_choose.html", context)


def mine_of(request: HttpRequest, pk: int) -> Mine:
    return queries.of_company(company.own(request, pk), by=acting(request), on=today())


@company_required
@require_GET
def listing(request: HttpRequest, pk: int) -> HttpResponseBase:
    mine = mine_of(request, pk)
    sections = [
        (
            section,
            *policy_words.SECTIONS[section],
            [policy_words.line(mine, m) for m in mine.sections[section]],
        )
        for section in Section
    ]
    shown_now = {
        "mine": mine,
        "several": len(acting(request).enterprise_ids) > 1,
        "sections": [row for row in sections if row[0] is not Section.NOT],
        "others": next(row for row in sections if row[0] is Section.NOT),
        "asking": next_question(mine),
        "limit": MOST,
        "most": f":{MOST}",
        "rest": f"{MOST}:",
        "choices": choices(mine),
        "withheld": withheld(mine),
    }
    return render(request, "portal/policies.html", shown_now)


@dataclass(frozen=True, slots=True)
class Asking:
    """The next question, and what its answer is good for."""

    spec: FieldSpec
    href: str
    left: int
    why: Sentence


def next_question(mine: Mine, policy: str = "") -> Asking | None:
    """The question worth most, or the first of one policy; None when nothing is left to ask."""
    found = [q for q in mine.questions if not policy or policy in q.helps]
    if not found:
        return None
    first = found[0]
    href = policy_words.question_address(mine, first.fact) + (f"?for={policy}" if policy else "")
    return Asking(mine.edition.library.fields[first.fact], href, len(found), why(mine, first))


def why(mine: Mine, question: Question) -> Sentence:
    """Which policies the answer is good for, and how much they may bring."""
    told: dict[str, object] = {
        "names": [name_of(mine, code) for code in question.helps[:3]],
        "n": len(question.helps),
        "settled": [name_of(mine, code) for code in question.settles[:3]],
        "more": len({*question.helps, *question.settles}) - len(question.settles[:3]),
    }
    if question.settles and told["more"]:
        about = say("答了就能确定：{settled}；还关系到另外{more}项政策。", **told)
    elif question.settles:
        about = say("答了就能确定：{settled}。", **told)
    elif len(question.helps) > 3:
        about = say("关系到{n}项政策，如：{names}。", **told)
    else:
        about = say("关系到：{names}。", **told)
    worth = sum(matching.at_stake(m) for m in mine.proposed if m.entry.policy.id in question.helps)
    if not worth:
        return about
    amount = shown(_rounded(int(worth)), Kind.MONEY)
    return say("{about}这些政策一年最多大约带来{amount}。", about=about, amount=amount)


def _rounded(fen: int) -> int:
    """An estimate is not told to the last 分: whole 万元, or whole hundreds of yuan below one."""
    grain = 10**6 if fen >= 10**6 else 10**4
    return max(fen // grain * grain, grain)


@company_required
@require_GET
def page(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    mine = mine_of(request, pk)
    match = mine.match(code)
    if match is None:
        raise Http404
    _note_opened(request, pk, code)
    policy = match.entry.policy
    successor = mine.edition.library.entries.get(policy.superseded_by or "")
    told = {
        "mine": mine,
        "match": match,
        "policy": policy,
        "code": code,
        "name": Named(policy.name.zh, policy.name.en),
        "chip": policy_words.CHIPS[match.found.outcome],
        "outcome": policy_words.outcome(match),
        "standing": policy_words.standing(match),
        "successor": Crumb(name_of(mine, successor.policy.id), address(mine, successor.policy.id))
        if successor
        else None,
        "rows": _rows(mine, match),
        "conditions": list(policy_words.conditions(mine, match)),
        "scores": _scores(match),
        **_against(mine, match),
        "materials": _materials(mine, match),
        "documents": [_document(d.number, d.title, d.note) for d in policy.documents],
        "basis": _both(policy.basis),
        "notes": _both(policy.notes) if policy.notes else None,
        "number": mine.edition.versions[code][1],
        "asking": next_question(mine, code),
        "why_not_apply": applying.why_not(match),
        "may_apply": match.found.outcome in (Outcome.ELIGIBLE, Outcome.MANUAL_REVIEW, Outcome.UNKNOWN),
        "applied": mine.applied.get(code),
        "under_way": code in mine.applied and is_open(mine.applied[code]),
        "amount_asks": _amount_asks(mine, match),
        "unsuitable": mine.unsuitable.get(code),
        "all": crumb(mine),
    }
    return render(request, "portal/policy.html", told)


def _against(mine: Mine, match: Match) -> dict[str, object]:
    """What excludes the policy: what is chosen between, the others, what is not in the library."""
    policy = match.entry.policy
    solved = choices(mine, policy.id)
    told = {side.href for choice in solved for side in choice.sides}
    others = [code for code in policy.exclusive_with if code in mine.edition.library.entries]
    links = [Crumb(name_of(mine, code), address(mine, code)) for code in others]
    return {
        "choices": solved,
        "excluded": excluded(mine, policy.id),
        "excludes": [link for link in links if link.href not in told],
        "excludes_outside": [_both(text) for text in policy.exclusive_outside],
    }


def _note_opened(request: HttpRequest, pk: int, code: str) -> None:
    """Who comes from the message that told of it (``told``: which change) is counted; no visit, no HEAD."""
    change = number_of(request.GET.get("told", ""))
    looks_on = visit_of(request) is not None or "Sec-Purpose" in request.headers
    if change is not None and not looks_on and request.META["REQUEST_METHOD"] != "HEAD":
        opened(change_id=change, enterprise_id=pk, policy=code, by=acting(request), at=now())


def crumb(mine: Mine) -> Crumb:
    return crumb_of(mine.enterprise)


def crumb_of(enterprise: Enterprise) -> Crumb:
    return Crumb(gettext("政策"), reverse("portal:policies_of", args=[enterprise.pk]))


def address(mine: Mine, code: str) -> str:
    return reverse("portal:policy", args=[mine.enterprise.pk, code])


def _rows(mine: Mine, match: Match) -> list[Row]:
    policy = match.entry.policy
    names = catalogue.department_names(mine.on)
    rows = [Row(say("预计效益"), policy_words.benefit(match))]
    ceiling = match.entry.rule.benefit.ceiling
    if ceiling is not None:
        rows.append(Row(say("最高"), say("{amount}", amount=shown(ceiling, Kind.MONEY))))
    if policy.benefit.note and match.found.benefit:
        rows.append(Row(say("说明"), _both(policy.benefit.note)))
    for figure in match.entry.rule.figures:
        amount = match.found.figures.get(figure.name)
        if amount is not None:
            rows.append(Row(figure.label, say("{amount}", amount=shown(amount, Kind.MONEY))))
    rows.append(Row(say("申报期"), window_words(match.standing)))
    rows.append(Row(say("主管部门"), names.get(policy.department, policy.department)))
    last = policy.valid.to
    since = date_shown(policy.valid.from_)
    valid = say("{since}起施行", since=since)
    if last:
        valid = say("{since}至{last}", since=since, last=date_shown(last))
    return [*rows, Row(say("有效期"), valid)]


def _amount_asks(mine: Mine, match: Match) -> list[Crumb]:
    """What keeps the amount unknown and can be answered, where nothing else asks for it."""
    found = match.found
    if found.benefit is not None or found.outcome not in (Outcome.ELIGIBLE, Outcome.MANUAL_REVIEW):
        return []
    fields, code = mine.edition.library.fields, match.entry.policy.id
    names = dict.fromkeys(mine.edition.library.main(name) for name in found.benefit_missing)
    return [
        Crumb(fields[name].label, f"{policy_words.question_address(mine, name)}?for={code}")
        for name in names
        if name in fields
    ]


def _scores(match: Match) -> list[tuple[Named, object, object]]:
    found = match.found.scores
    return [
        (score.label, _points(found.get(score.name)), _points(score.maximum))
        for score in match.entry.rule.scores
    ]


def _points(points: object) -> object:
    return say("还不清楚") if points is None else say("{points}", points=shown(points, Kind.POINTS))


def _materials(mine: Mine, match: Match) -> list[PaperLine]:
    """Each paper, and what need not be done for it."""
    policy = match.entry.policy
    edition = catalogue.edition_or_none(mine.on) if policy.item else None
    return [line(paper) for paper in papers.of(mine.enterprise.pk, [policy], edition)[policy.id]]


def _document(number: str | None, title: Bilingual | None, note: Bilingual | None) -> Named:
    parts = [part for part in (title, note) if part]
    zh, en = ("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    if number is None:
        return Named(zh, en)
    return Named(f"{number} {zh}".strip(), f"{number} {en}".strip())


def _both(text: Bilingual) -> Named:
    return Named(text.zh, text.en)
