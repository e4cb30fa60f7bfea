"""Cases (办件): opened, listed, read in full."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from qitong.accounts.actors import Actor
from qitong.api import paging
from qitong.api.auth import acting, now
from qitong.api.case_shapes import CaseOut, CasePage, case_out, row_out
from qitong.api.scope import CaseRef, case_of
from qitong.api.shapes import In, Key, Line, Text
from qitong.casework import drafts, intake, queries
from qitong.casework.finding import narrow
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.finding import LONGEST, ask
from qitong.casework.logic.flow import CaseKind, CaseState
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

router = Router(tags=["cases"])
CURSOR = "cases"

Number = Annotated[float, Field(allow_inf_nan=False)]
Fact = Annotated[bool | int | Number | Line, Field(union_mode="left_to_right")]


class Contact(BaseModel):
    name: Line
    phone: Line


class NewApplication(In):
    """An application for an item; ``facts`` answer the item's questions."""

    kind: Literal["application"]
    item: Key
    facts: Annotated[dict[Key, Fact], Field(default_factory=dict, max_length=100)]
    contact: Contact | None = Field(default=None, description="Default: the token's person")
    submit: bool = False


class NewRequest(In):
    """A free request (诉求)."""

    kind: Literal["request"]
    title: Line
    description: Text
    contact: Contact | None = Field(default=None, description="Default: the token's person")
    submit: bool = False


NewCase = Annotated[NewApplication | NewRequest, Field(discriminator="kind")]


@router.get("/cases", response=CasePage, summary="The cases the token may see, newest first")
def list_cases(
    request: HttpRequest,
    *,
    cursor: paging.CursorParam = "",
    limit: paging.LimitParam = 25,
    state: Annotated[list[CaseState], Query(max_length=12, description="May be given several times")] = [],  # noqa: B006  (ninja copies it)
    kind: CaseKind | None = None,
    q: Annotated[
        str, Query(max_length=LONGEST, description="Words that all have to be found, anywhere in the case")
    ] = "",
) -> CasePage:
    actor = acting(request)
    rows = queries.listed(actor)
    if q.strip():
        rows = narrow(rows, ask(q))
    if state:
        rows = rows.filter(state__in=state)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if position := paging.read(cursor, of=CURSOR):
        rows = rows.filter(pk__lt=int(position[0]))
    page, following = paging.cut(list(rows[: limit + 1]), limit, of=CURSOR, by=("pk",))
    summaries = queries.summaries(page, today=day_of(now()))
    return CasePage(cases=[row_out(summary, actor) for summary in summaries], next=following)


@router.post("/cases", response={201: CaseOut}, summary="Open a draft, and hand it in if asked")
def open_case(request: HttpRequest, body: Annotated[NewCase, Body()]) -> Status[CaseOut]:
    actor, at = acting(request), now()
    if isinstance(body, NewRequest):
        case = _request(actor, body, at)
        return Status(201, case_out(queries.with_nothing_yet(case), actor, at=at))
    case = _application(actor, body, at)
    if body.submit:
        intake.hand_in(case, by=actor, at=at)
    return Status(201, case_out(case_of(actor, str(case.pk)), actor, at=at))


@router.get("/cases/{ref}", response=CaseOut, summary="One case in full, with what may be done to it")
def read_case(request: HttpRequest, ref: CaseRef) -> CaseOut:
    actor = acting(request)
    return case_out(case_of(actor, ref), actor, at=now())


def _company(actor: Actor) -> int:
    if len(actor.enterprise_ids) != 1:
        raise Refused(say("只有企业的接口令牌可以提出办件。"), code="not_allowed")
    (enterprise_id,) = actor.enterprise_ids
    return enterprise_id


def _request(actor: Actor, body: NewRequest, at: dt.datetime) -> Case:
    """What is handed in as it is opened is written once."""
    company, answers = _company(actor), _answers(body)
    if not body.submit:
        return drafts.open_request(enterprise_id=company, answers=answers, by=actor, at=at)
    case = drafts.request_of(company, answers, by=actor, at=at)
    return intake.hand_in(case, by=actor, at=at)


def _application(actor: Actor, body: NewApplication, at: dt.datetime) -> Case:
    case = drafts.start_application(
        enterprise_id=_company(actor), item_code=body.item, facts=body.facts, by=actor, at=at
    )
    answers = _answers(body)
    return drafts.save_fields(case_id=case.pk, values=answers, by=actor, at=at) if answers else case


def _answers(body: NewApplication | NewRequest) -> dict[str, str]:
    """What the caller answered in one go; the rest of the form is prefilled."""
    answers = (
        {} if isinstance(body, NewApplication) else {"title": body.title, "description": body.description}
    )
    if body.contact is not None:
        answers |= {"contact_name": body.contact.name, "contact_phone": body.contact.phone}
    return answers
