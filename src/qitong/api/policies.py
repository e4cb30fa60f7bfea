"""What the company of the token can get, and why; and the facts it gives. Its own company only."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Enterprise
from qitong.api import paging
from qitong.api.auth import acting, now
from qitong.api.shapes import Coded, In, Name
from qitong.casework.logic.clock import day_of
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies import facts, preparing, queries, shown
from qitong.policies.logic import keeping
from qitong.policies.logic.coming import Sort
from qitong.policies.logic.currency import year_of
from qitong.policies.logic.explain import Told
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.roles import Role as Part
from qitong.policies.logic.rule import Period
from qitong.policies.logic.standing import WindowState
from qitong.policies.logic.terms import SOURCES, Source
from qitong.policies.matching import Match
from qitong.policies.papers import Paper, Standing
from qitong.policies.preparing import Plan, Preparation
from qitong.policies.queries import Mine
from qitong.policies.sections import Section, section_of

router = Router(tags=["policies"])
Plain = bool | int | float | str | list[str] | None
MOST_QUESTIONS = 20
PolicyId = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$", max_length=60)]


class ConditionOut(BaseModel):
    """``result`` is null while a fact is ``missing``; a manual condition is judged by the department."""

    id: str
    clause: str
    manual: bool
    result: bool | None
    says: list[str]
    missing: list[str]


class WindowOut(BaseModel):
    """Applications are taken from ``opens`` to ``closes``, both included."""

    state: WindowState
    opens: dt.date | None
    closes: dt.date | None


class BenefitOut(BaseModel):
    """What it brings if granted: a number where one says it exactly, else text; null: a fact is missing."""

    amount: int | float | str | None
    unit: str
    period: Period


class PolicyOut(BaseModel):
    id: str
    version: int
    name: Name
    section: Section
    outcome: Outcome
    to_be_verified: bool
    item: str | None = Field(description="The item through which it is applied for")
    benefit: BenefitOut
    window: WindowOut
    missing: list[str]
    conditions: list[ConditionOut]


class QuestionOut(BaseModel):
    """A fact worth asking: the first question is worth most. ``year``: the last year it speaks of."""

    fact: str
    question: Name
    unit: str
    year: int | None
    choices: list[str]
    helps: list[str]


class FactOut(BaseModel):
    """``value`` is null when they said that they do not know."""

    name: str
    label: Name
    value: Plain
    unit: str
    year: int | None
    source: Coded
    as_of: dt.date


class MatchesOut(BaseModel):
    """A first assessment; the department decides."""

    on: dt.date
    company: str
    policies: list[PolicyOut]
    next: str | None = Field(description="`after` of the next page; null on the last")
    questions: list[QuestionOut]
    facts: list[FactOut]


class FactIn(In):
    """Numbers whole, or as text with all their digits ("4.2", "4.2%"); null: not known."""

    name: PolicyId
    value: (
        StrictBool
        | StrictInt
        | Annotated[str, StringConstraints(max_length=60)]
        | Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=50)]
        | None
    )


@router.get("/policies/match", response=MatchesOut, summary="What the company can get, and why")
def match_policies(
    request: HttpRequest,
    section: Annotated[Section | None, Query(description="Only this section of the list")] = None,
    after: Annotated[str, Query(max_length=60, description="`next` of the page before")] = "",
    limit: paging.LimitParam = 50,
) -> MatchesOut:
    mine = _mine(request)
    rows = [m for part in Section if section in (None, part) for m in mine.sections[part]]
    ids = [m.entry.policy.id for m in rows]
    start = ids.index(after) + 1 if after in ids else 0
    page = rows[start : start + limit]
    more = start + limit < len(rows)
    return MatchesOut(
        on=mine.on,
        company=mine.enterprise.uscc,
        policies=[_policy(mine, m) for m in page],
        next=page[-1].entry.policy.id if page and more else None,
        questions=_questions(mine),
        facts=[_fact(known) for _, known in sorted(mine.known.items())],
    )


class PaperOut(BaseModel):
    """``held``: a document is there and goes along by itself; ``case``: number of the newest with it."""

    name: Name
    key: str | None
    held: bool
    standing: Standing
    since: dt.datetime | None = Field(description="Since when a document is there")
    case: str | None
    department: Name | None = Field(description="Who shares it once the company allows it")


class RenewalOut(BaseModel):
    """A fact whose present answer is good for the last time on ``last``, before the day that is judged."""

    fact: str
    last: dt.date


class ComingOut(BaseModel):
    """What comes for the company, judged as of ``judged_on`` by what is known of it today.

    ``first``: the day it takes effect, the last day in force, or on which applications open; ``last``: their
    last day. An ``expected`` window is not announced: its days are those of the last one, a year on.
    """

    id: str
    name: Name
    sort: Sort
    first: dt.date
    last: dt.date | None
    judged_on: dt.date
    outcome: Outcome
    section: Section
    ask: list[str] = Field(description="Facts that are missing, the most useful first")
    renew: list[RenewalOut]
    papers: list[PaperOut]
    begin_by: dt.date | None = Field(description="By when to begin preparing; null for what ends")
    provisional: bool = Field(description="Counted in a year whose holidays are not announced yet")
    says: list[str] = Field(description="What is lacking, in sentences")
    superseded_by: str | None


class ComingListOut(BaseModel):
    """Until the end of the quarter after the next; a first assessment, the department decides."""

    on: dt.date
    until: dt.date
    company: str
    coming: list[ComingOut]


@router.get("/policies/coming", response=ComingListOut, summary="What comes, and what to prepare for it")
def coming_policies(request: HttpRequest) -> ComingListOut:
    actor = acting(request)
    plan = preparing.of_company(company_of(actor), by=actor, on=day_of(now()))
    return ComingListOut(
        on=plan.mine.on,
        until=plan.span.last,
        company=plan.mine.enterprise.uscc,
        coming=[_coming(plan, one) for one in (*plan.prepare, *plan.ending)],
    )


@router.post("/policies/facts", response=FactOut, summary="Give a fact of the company")
def give_fact(request: HttpRequest, body: FactIn) -> FactOut:
    actor = acting(request)
    company = company_of(actor)
    at = now()
    facts.answer(enterprise_id=company.pk, name=body.name, value=body.value, by=actor, at=at)
    return _fact(queries.of_company(company, by=actor, on=day_of(at)).known[body.name])


def _mine(request: HttpRequest) -> Mine:
    actor = acting(request)
    return queries.of_company(company_of(actor), by=actor, on=day_of(now()))


def company_of(actor: Actor) -> Enterprise:
    """The company of a company's token; there is none for any other."""
    found = Enterprise.objects.filter(pk__in=actor.enterprise_ids).first()
    if found is None or not actor.has(Role.ENTERPRISE):
        raise Refused(say("这个令牌不属于企业。"), code="not_found")
    return found


def _policy(mine: Mine, match: Match) -> PolicyOut:
    policy, found, standing = match.entry.policy, match.found, match.standing
    window = standing.window
    return PolicyOut(
        id=policy.id,
        version=mine.edition.versions[policy.id][1],
        name=Name(zh=policy.name.zh, en=policy.name.en),
        section=section_of(match, set(mine.unsuitable)),
        outcome=found.outcome,
        to_be_verified=standing.to_be_verified,
        item=policy.item,
        benefit=BenefitOut(
            amount=shown.money(found.benefit, policy.benefit.unit),
            unit=policy.benefit.unit,
            period=policy.benefit.period,
        ),
        window=WindowOut(
            state=standing.window_state,
            opens=window.opens if window else None,
            closes=window.last if window else None,
        ),
        missing=list(found.missing),
        conditions=[_condition(told) for told in found.results],
    )


def _coming(plan: Plan, one: Preparation) -> ComingOut:
    coming, policy, found = one.item.coming, one.item.entry.policy, one.match.found
    failing = [told for told in found.results if told.result is False]
    says = dict.fromkeys(str(f.says) for told in failing for f in told.findings if f.role is Part.FAILED)
    return ComingOut(
        id=policy.id,
        name=Name(zh=policy.name.zh, en=policy.name.en),
        sort=coming.sort,
        first=coming.first,
        last=coming.last,
        judged_on=coming.judged_on(plan.mine.on),
        outcome=found.outcome,
        section=one.section,
        ask=[spec.name for spec in one.ask],
        renew=[RenewalOut(fact=each.spec.name, last=each.last) for each in one.renew],
        papers=[_paper(paper) for paper in one.papers],
        begin_by=one.begin_by,
        provisional=one.provisional,
        says=list(says),
        superseded_by=policy.superseded_by,
    )


def _paper(paper: Paper) -> PaperOut:
    spec, held, by = paper.spec, paper.held, paper.department
    return PaperOut(
        name=Name(zh=spec.zh, en=spec.en),
        key=spec.key,
        held=held is not None,
        standing=paper.standing,
        since=held.on if held else None,
        case=(held.number or None) if held else None,
        department=Name(zh=by.zh, en=by.en) if by else None,
    )


def _condition(told: Told) -> ConditionOut:
    says = dict.fromkeys(str(f.says) for f in told.findings if f.role is not Part.BESIDE)
    return ConditionOut(
        id=told.condition.id,
        clause=told.condition.clause,
        manual=told.condition.manual,
        result=told.result,
        says=list(says),
        missing=list(told.missing),
    )


def _questions(mine: Mine) -> list[QuestionOut]:
    fields = mine.edition.library.fields
    return [
        QuestionOut(
            fact=question.fact,
            question=Name.of(fields[question.fact].question),
            unit=fields[question.fact].unit,
            year=year_of(fields[question.fact], mine.on),
            choices=[code for code, _ in fields[question.fact].codes],
            helps=list(question.helps),
        )
        for question in mine.questions[:MOST_QUESTIONS]
    ]


def _fact(known: queries.Known) -> FactOut:
    spec = known.spec
    return FactOut(
        name=spec.name,
        label=Name.of(spec.label),
        value=shown.plain(keeping.kept(spec, known.value)),
        unit=spec.unit,
        year=known.year,
        source=Coded.of(Source(known.source), SOURCES[known.source]),
        as_of=known.as_of,
    )
