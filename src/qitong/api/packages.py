"""The service package of the token's company, and its answers. Its own company only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field, StringConstraints

from qitong.api.auth import acting, now
from qitong.api.policies import PolicyId, company_of
from qitong.api.shapes import Coded, In, Name
from qitong.casework.logic.clock import day_of
from qitong.catalogue import queries as catalogue
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say
from qitong.policies import answering, editions, package_words, packages
from qitong.policies.editions import Edition
from qitong.policies.logic.package import Answer, Stage, Thing
from qitong.policies.logic.terms import Reason
from qitong.policies.models import PackageLine
from qitong.policies.packages import Whole
from qitong.policies.suitability import MAX_NOTE

router = Router(tags=["packages"])


class ProposalOut(BaseModel):
    """A proposal. ``answer`` is null until it is answered; ``case``: the draft or case it became."""

    thing: Thing
    code: str
    name: Name
    reason: str
    answer: Answer | None
    case: str | None = Field(description="Number of the case, or the key of its draft")


class PackageOut(BaseModel):
    """What the officer ``officer`` proposes to the company. Reading it marks nothing as opened."""

    stage: Coded
    officer: str
    note: str
    sent_at: dt.datetime | None
    lines: list[ProposalOut]


class CurrentOut(BaseModel):
    company: str
    package: PackageOut | None = Field(description="The newest that was sent; null before the first")


class AnswerIn(In):
    """``reason`` (and for "other" a ``note``) go with "unsuitable"."""

    thing: Thing
    code: PolicyId
    answer: Answer
    reason: Reason | None = None
    note: Annotated[str, StringConstraints(max_length=MAX_NOTE)] = ""


@router.get("/package", response=CurrentOut, summary="What officers propose to the company")
def service_package(request: HttpRequest) -> CurrentOut:
    return _current(request)


@router.post("/package/answers", response=CurrentOut, summary="Take a proposal up, or declare it unsuitable")
def answer_proposal(request: HttpRequest, body: AnswerIn) -> CurrentOut:
    actor = acting(request)
    company, thing, at = company_of(actor).pk, body.thing.value, now()
    if body.answer is Answer.ACCEPTED:
        answering.accept(enterprise_id=company, thing=thing, code=body.code, by=actor, at=at)
    elif body.reason is None:
        raise Refused(say("请选择一个原因。"), code="missing", field="reason")
    else:
        answering.decline(
            enterprise_id=company,
            thing=thing,
            code=body.code,
            reason=body.reason.value,
            note=body.note,
            by=actor,
            at=at,
        )
    return _current(request)


def _current(request: HttpRequest) -> CurrentOut:
    company = company_of(acting(request))
    found = packages.of_company(company.pk)
    return CurrentOut(company=company.uscc, package=_package(found) if found else None)


def _package(found: Whole) -> PackageOut:
    package = found.package
    stage = Stage(package.stage)
    return PackageOut(
        stage=Coded.of(stage, package_words.STAGES[stage]),
        officer=package.officer.name,
        note=package.note,
        sent_at=package.sent_at,
        lines=list(_lines(found)),
    )


def _lines(found: Whole) -> Iterator[ProposalOut]:
    on = day_of(now())
    edition, current = editions.on_day(on), catalogue.edition_or_none(on)
    items = current.item_names if current else {}
    for line in found.lines:
        yield _line(line, edition, items)


def _line(line: PackageLine, edition: Edition, items: Mapping[str, Named]) -> ProposalOut:
    case = line.case
    return ProposalOut(
        thing=Thing(line.thing),
        code=line.code,
        name=Name.of(package_words.name_of(line, edition, items)),
        reason=str(package_words.reason_of(line, edition)),
        answer=Answer(line.answer) if line.answer else None,
        case=(case.number or str(case.pk)) if case else None,
    )
