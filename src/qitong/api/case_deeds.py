"""What can be done to a case: one row, one address ``POST /cases/{ref}/deeds/{deed}``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from qitong.api.auth import acting, now
from qitong.api.case_shapes import CaseOut, case_out
from qitong.api.deeds import Call, DeedRow, department_of, officer_of
from qitong.api.scope import CaseRef, attempt, case_of, seen
from qitong.api.shapes import In, Key, Keys, Line, Note, Text
from qitong.casework import (
    conversation,
    decision,
    deferral,
    delivery,
    drafts,
    intake,
    reminding,
    routing,
    sharing,
    tasks,
)
from qitong.casework.logic.flow import Deed
from qitong.casework.logic.terms import Outcome, RefusalReason

router = Router(tags=["cases"])


class Fields(In):
    """``fields``: title, description, contact_name, contact_phone, share_consent or ``fact.<name>``."""

    fields: Annotated[dict[Line, Text], Field(min_length=1, max_length=50)]


class Notice(In):
    text: Text = Field(default="", description="Missing materials are listed by themselves")


class NotAccepted(In):
    reason: RefusalReason
    grounds: Text = Field(description="The grounds, and where to go instead")


class MaybeWhy(In):
    reason: Text = ""


class Dispatch(In):
    department: Key
    ask: Text
    days: int = Field(description="Working days, 1 to 60")
    after: Keys = Field(default_factory=list, description="Keys of tasks that must be done first")


class Transfer(In):
    to: Line = Field(description="Login of the officer who is added")
    reason: Text


class Grounds(In):
    grounds: Text = ""


class StepsAgain(In):
    keys: Keys = Field(description="Keys of the steps that are to look again")
    reason: Text


class Reopen(In):
    reason: Text
    keys: Keys = Field(default_factory=list, description="Steps that are to look again; none named: all")


class Extend(In):
    days: int = Field(description="Working days; ten in all (licensing law art. 42)")
    reason: Text


class Authorise(In):
    keys: Keys = Field(description="Keys of materials that departments hold")


class Words(In):
    text: Text = Field(description="What the other side is to read")


class Commit(In):
    keys: Keys = Field(description="Keys of deferrable materials")
    due_on: dt.date
    signer_name: Line


def _save(call: Call) -> None:
    drafts.save_fields(case_id=call.id, values=call.body.fields, **call.who)


def _notify(call: Call) -> object:
    return intake.notify_correction(case_id=call.id, text=call.body.text, **call.who)


def _not_accept(call: Call) -> object:
    body: NotAccepted = call.body
    return intake.refuse_acceptance(case_id=call.id, reason=body.reason, grounds=body.grounds, **call.who)


def _dispatch(call: Call) -> object:
    body: Dispatch = call.body
    return tasks.dispatch(
        case_id=call.id,
        department=department_of(body.department, field="department"),
        ask=body.ask,
        days=body.days,
        after=tuple(body.after),
        **call.who,
    )


def _transfer(call: Call) -> object:
    to = officer_of(call.body.to, call.who["at"], field="to")
    return routing.transfer(case_id=call.id, to=to, reason=call.body.reason, **call.who)


def _decide(outcome: Outcome, call: Call) -> object:
    return decision.decide(case_id=call.id, outcome=outcome, grounds=call.body.grounds, **call.who)


def _send_back(call: Call) -> object:
    return decision.send_back(case_id=call.id, keys=call.body.keys, reason=call.body.reason, **call.who)


def _reopen(call: Call) -> object:
    return delivery.reopen(case_id=call.id, keys=call.body.keys, reason=call.body.reason, **call.who)


def _extend(call: Call) -> object:
    return decision.extend(case_id=call.id, days=call.body.days, reason=call.body.reason, **call.who)


def _authorise(call: Call) -> object:
    return sharing.authorise(case_id=call.id, keys=call.body.keys, **call.who)


def _commit(call: Call) -> object:
    body: Commit = call.body
    return deferral.commit(
        case_id=call.id, keys=body.keys, due_on=body.due_on, signer_name=body.signer_name, **call.who
    )


_D = Deed
CASE_DEEDS: tuple[DeedRow, ...] = (
    DeedRow("save", _D.SAVE, Fields, _save, "Fill in fields of a draft or a correction"),
    DeedRow("authorise", _D.AUTHORISE, Authorise, _authorise, "Let departments supply materials they hold"),
    DeedRow("commit", _D.COMMIT, Commit, _commit, "Sign for materials that follow later"),
    DeedRow("submit", _D.SUBMIT, None, lambda c: intake.submit(case_id=c.id, **c.who), "Hand a draft in"),
    DeedRow("discard", _D.DISCARD, None, lambda c: drafts.discard(case_id=c.id, **c.who), "Give a draft up"),
    DeedRow(
        "contact",
        _D.CONTACT,
        Note,
        lambda c: routing.contact(case_id=c.id, note=c.body.note, **c.who),
        "Note that the company was contacted",
    ),
    DeedRow("accept", _D.ACCEPT, None, lambda c: intake.accept(case_id=c.id, **c.who), "Accept"),
    DeedRow(
        "notify_correction", _D.NOTIFY_CORRECTION, Notice, _notify, "Tell once and in full what is missing"
    ),
    DeedRow(
        "answer_correction",
        _D.ANSWER_CORRECTION,
        None,
        lambda c: intake.answer_correction(case_id=c.id, **c.who),
        "Hand the corrected file in",
    ),
    DeedRow(
        "refuse_acceptance", _D.REFUSE_ACCEPTANCE, NotAccepted, _not_accept, "Not accept, with the reason"
    ),
    DeedRow(
        "withdraw",
        _D.WITHDRAW,
        MaybeWhy,
        lambda c: intake.withdraw(case_id=c.id, reason=c.body.reason, **c.who),
        "Take the case back before the decision",
    ),
    DeedRow("dispatch", _D.PLAN, Dispatch, _dispatch, "Give a department a task of a request"),
    DeedRow("transfer", _D.TRANSFER, Transfer, _transfer, "Add somebody; the owner stays the owner"),
    DeedRow(
        "complete_review",
        _D.COMPLETE_REVIEW,
        None,
        lambda c: tasks.complete_request(case_id=c.id, **c.who),
        "Say that a request is ready to be answered",
    ),
    DeedRow("send_back", _D.SEND_BACK, StepsAgain, _send_back, "Have departments look again before deciding"),
    DeedRow("extend", _D.EXTEND, Extend, _extend, "Add working days to the promise, told to the company"),
    DeedRow("approve", _D.APPROVE, Grounds, lambda c: _decide(Outcome.APPROVE, c), "Approve"),
    DeedRow("refuse", _D.REFUSE, Grounds, lambda c: _decide(Outcome.REFUSE, c), "Refuse, with grounds"),
    DeedRow(
        "deliver",
        _D.DELIVER,
        None,
        lambda c: delivery.deliver(case_id=c.id, **c.who),
        "Hand the result over; the platform makes the paper",
    ),
    DeedRow(
        "confirm", _D.CONFIRM, None, lambda c: delivery.confirm(case_id=c.id, **c.who), "Confirm the result"
    ),
    DeedRow(
        "remind_company",
        _D.REMIND_COMPANY,
        None,
        lambda c: reminding.remind_company(case_id=c.id, **c.who),
        "Remind the company of what the case waits for, once a working day",
    ),
    DeedRow(
        "note",
        _D.NOTE,
        Words,
        lambda c: conversation.write(case_id=c.id, text=c.body.text, **c.who),
        "Write a note to the other side",
    ),
    DeedRow("reopen", _D.REOPEN, Reopen, _reopen, "Challenge the result within the window"),
)


def _perform(request: HttpRequest, ref: str, row: DeedRow, body: In | None) -> CaseOut:
    actor, at = acting(request), now()
    case = seen(actor, ref)
    call = Call(case.pk, body, {"by": actor, "at": at})
    attempt(actor, row.deed, case, lambda: row.act(call))
    return case_out(case_of(actor, str(case.pk)), actor, at=at)


def _address(row: DeedRow) -> None:
    """Give a row its address, with a body of the row's own model."""

    def bare(request: HttpRequest, ref: CaseRef) -> CaseOut:
        return _perform(request, ref, row, None)

    def full(request: HttpRequest, ref: CaseRef, body: In) -> CaseOut:
        return _perform(request, ref, row, body)

    view: Callable[..., CaseOut] = bare
    if row.body is not None:
        full.__annotations__["body"] = row.body
        view = full
    name = f"case_{row.name}"
    view.__name__ = name
    router.post(f"/cases/{{ref}}/deeds/{row.name}", response=CaseOut, summary=row.summary, operation_id=name)(
        view
    )


for _row in CASE_DEEDS:
    _address(_row)
