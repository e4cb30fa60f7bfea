"""Intake: submission with its receipt, the one-time notice, acceptance or its refusal."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from qitong.accounts.actors import Actor
from qitong.accounts.queries import on_duty
from qitong.casework import deadlines, routing, steps
from qitong.casework.brought import fingerprint_of, papers_of
from qitong.casework.logic import intake as logic
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.deferral import Paper, coming, must_have, not_told, to_bring
from qitong.casework.logic.flow import CaseKind, CaseState, Deed
from qitong.casework.logic.terms import CommitmentState, RefusalReason
from qitong.casework.models import Case, CaseMaterial, Commitment
from qitong.casework.move import locked, move_case
from qitong.catalogue.calendar import current
from qitong.catalogue.logic.types import Promises
from qitong.catalogue.queries import promises
from qitong.datashare import documents
from qitong.kernel import workdays
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import Sentence, say

FIELD_WORDS: dict[str, Sentence] = {
    "title": say("需求标题"),
    "description": say("需求说明"),
    "contact_name": say("联系人姓名"),
    "contact_phone": say("联系电话"),
}


@transaction.atomic
def submit(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Hand a draft in: number, owner and promised dates at once. Submitting again changes nothing.

    Refused when a field is empty or a file was not really stored. Materials may be missing: they
    are told once, in full (licensing law art. 32).
    """
    case = locked(case_id)
    if case.state != CaseState.DRAFT and case.submitted_at and case.enterprise_id in by.enterprise_ids:
        return case
    return hand_in(case, by=by, at=at)


def hand_in(case: Case, *, by: Actor, at: dt.datetime) -> Case:
    """:func:`submit` for a draft that this transaction has locked or opened, or that is kept nowhere yet."""
    if case.item_version_id is not None:
        prefetch_related_objects([case], Prefetch("materials", _with_documents()))
    _demand_fields(case)
    _demand_window_open(case, at)
    _demand_stored(case)
    _demand_in_time(case, at)
    window = routing.window_for(case)
    officer = on_duty(window, day_of(at))
    choice = routing.owner_for(window, day_of(at), officer)
    kept = promises(day_of(at), vars(case).get("edition_today"))
    facts: dict[str, Any] = {
        "number": logic.number(day_of(at).year, [secrets.randbelow(1 << 30) for _ in range(8)]),
        "window": window,
        **({"owner": officer} if officer and officer.pk == choice.user_id else {"owner_id": choice.user_id}),
        "owner_reason": choice.reason,
        "submitted_at": at,
        "fingerprint": fingerprint_of(case),
        **_promise(case, kept),
    }
    for name, value in facts.items():
        setattr(case, name, value)
    _start_clocks(case, at=at, pauses=(), kept=kept)
    move_case(
        case,
        Deed.SUBMIT,
        by=by,
        at=at,
        body={
            "number": case.number,
            "owner": f"user:{choice.user_id}",
            "owner_reason": choice.reason,
            "received_on": case.received_on,
            "promise_due_on": case.promise_due_on,
            "materials": {m.key: m.state for m in _materials(case)},
        },
    )
    steps.begin(case, by=by, at=at)
    return case


def _with_documents() -> QuerySet[CaseMaterial]:
    return CaseMaterial.objects.select_related("document").order_by("position")


def _materials(case: Case) -> list[CaseMaterial]:
    """The materials of an application; a request has none."""
    return [] if case.item_version_id is None else list(case.materials.all())


def _demand_fields(case: Case) -> None:
    for name in logic.missing_fields(case.kind, case.form):
        raise Refused(say("请填写{what}。", what=FIELD_WORDS[name]), code="missing", field=name)


def _demand_window_open(case: Case, at: dt.datetime) -> None:
    spec = case.item_version.spec if case.item_version else None
    if spec is not None and spec.window is not None and not spec.window.is_open(day_of(at)):
        raise Refused(
            say(
                "这个事项在{opens}至{closes}期间申报，现在不在申报期内。草稿已保存。",
                opens=spec.window.opens,
                closes=spec.window.closes,
            ),
            code="outside_application_window",
        )


def _demand_stored(case: Case) -> None:
    """A submission whose file is not really there is refused, and the file named."""
    rows = _materials(case)
    prefetch_related_objects([m for m in rows if m.document_id], "document")
    for material in rows:
        if material.document is not None and not documents.is_stored(material.document):
            raise Refused(
                say("文件“{name}”没有保存成功，请重新上传。", name=material.document.name),
                code="file_not_stored",
                field=f"material.{material.key}",
            )


def _demand_told(case: Case) -> None:
    """What was told once in full comes in full: there is no second notice."""
    if case.state == CaseState.CORRECTION and (lacking := to_bring(papers_of(case))):
        raise Refused(
            say("告知补正的材料还没有补齐，还缺：{names}。", names=tuple(p.name for p in lacking)),
            code="incomplete",
        )


def _demand_in_time(case: Case, at: dt.datetime) -> None:
    """A draft may lie for weeks: what was signed in it must still be possible to keep."""
    if case.item_version_id is None:
        return
    stale = case.commitments.filter(state=CommitmentState.OPEN, due_on__lte=day_of(at)).first()
    if stale is not None:
        raise Refused(
            say("承诺的补齐日期{day}已到，请补齐材料或重新签署承诺书。", day=stale.due_on),
            code="commitment_stale",
        )


def _promise(case: Case, kept: Promises) -> dict[str, Any]:
    spec = deadlines.spec_of(case)
    days = spec.promised_days if spec else kept.resolution()
    return {"promise_days": days, "promise_unit": "wd"}


def _start_clocks(
    case: Case,
    *,
    at: dt.datetime,
    pauses: Sequence[workdays.Pause] | None = None,
    kept: Promises | None = None,
) -> None:
    """The day of receipt, what is promised from it (first contact, plan or answer, result), the next alarm.

    ``pauses`` are those of the case, ``kept`` what is promised on the day of ``at``, if they are at hand.
    """
    if case.window is None:
        return
    calendar = current(vars(case).get("newest_calendar"))
    case.received_on = deadlines.received_day(calendar, at, case.window)
    deadlines.set_replies(case, calendar=calendar, kept=kept if case.received_on == day_of(at) else None)
    deadlines.set_promise(case, calendar=calendar, at=at, pauses=pauses)
    case.next_alarm_at = deadlines.case_alarm(case, calendar=calendar, at=at, state=CaseState.SUBMITTED)


@transaction.atomic
def notify_correction(*, case_id: int, text: str, by: Actor, at: dt.datetime) -> Case:
    """Tell everything that is missing, once and in full (一次性告知). A second notice is refused."""
    case = locked(case_id)
    if case.correction_at is not None:
        raise Refused(
            say("补正只能一次性告知。已在{at}告知过，请受理或不予受理。", at=case.correction_at),
            code="already_notified",
        )
    papers = papers_of(case)
    lacking = to_bring(papers)
    if not lacking and not text.strip():
        raise Refused(say("材料齐全，没有需要补正的内容。请写明要补正什么。"), code="nothing", field="text")
    case.correction_at = at
    fetched = [f"由部门共享，正在获取：{p.name.zh}" for p in coming(papers)]
    notice = "\n".join([*(f"缺少材料：{p.name.zh}" for p in lacking), *fetched, text.strip()]).strip()
    move_case(
        case,
        Deed.NOTIFY_CORRECTION,
        by=by,
        at=at,
        facts={
            "correction_notice": notice,
            "next_alarm_at": _alarm(CaseState.CORRECTION, case, at),
        },
        body={"missing": [p.key for p in lacking]},
        personal={"notice": notice},
    )
    steps.hold(case, by=by, at=at)
    return case


def _alarm(state: CaseState, case: Case, at: dt.datetime) -> dt.datetime | None:
    """The alarm ``case`` will have once it is in ``state``."""
    return deadlines.case_alarm(case, calendar=current(), at=at, state=state)


@transaction.atomic
def answer_correction(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Hand the corrected file in; the clock starts on this day. Doing it again changes nothing."""
    case = locked(case_id)
    if case.state == CaseState.SUBMITTED and case.correction_at and case.enterprise_id in by.enterprise_ids:
        return case
    _demand_fields(case)
    _demand_told(case)
    _demand_stored(case)
    _demand_in_time(case, at)
    _start_clocks(case, at=at)
    move_case(
        case,
        Deed.ANSWER_CORRECTION,
        by=by,
        at=at,
        body={"received_on": case.received_on, "materials": {m.key: m.state for m in case.materials.all()}},
    )
    steps.go_on(case, at=at)
    return case


def why_not_acceptable(case: Case, papers: Sequence[Paper]) -> Sentence:
    """What still forbids acceptance: missing core or red-line papers, or files in quarantine."""
    lacking = must_have(papers)
    if any(not p.is_coming for p in lacking):
        return say("核心和红线材料不齐，不能受理，还缺：{names}。", names=tuple(p.name for p in lacking))
    uncovered = to_bring(papers)
    if uncovered:
        return say(
            "{names}没有提供，也没有签署容缺承诺。请一次性告知补正。", names=tuple(p.name for p in uncovered)
        )
    if awaited := not_told(papers):
        return say(
            "{names}已由企业授权共享，还没有获取。请先向持有部门获取，再受理。",
            names=tuple(p.name for p in awaited),
        )
    rows = _materials(case)
    prefetch_related_objects([m for m in rows if m.document_id], "document")
    for material in rows:
        if material.document is not None and (reason := documents.why_unusable(material.document)):
            return reason
    return say("")


@transaction.atomic
def accept(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Accept a complete file: the promise runs from the day the complete file was received."""
    case = locked(case_id)
    if case.state == CaseState.SUBMITTED and (reason := why_not_acceptable(case, papers_of(case))):
        raise Refused(reason, code="incomplete")
    return _accept(case, Deed.ACCEPT, by=by, at=at)


@transaction.atomic
def deem_accepted(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Five working days without a notice: the file counts as accepted on the day received (art. 32)."""
    case = locked(case_id)
    if case.state != CaseState.SUBMITTED or case.plan_due_on is None or day_of(at) <= case.plan_due_on:
        return case
    return _accept(case, Deed.DEEM_ACCEPTED, by=by, at=at)


def _accept(case: Case, deed: Deed, *, by: Actor, at: dt.datetime) -> Case:
    case.promise_from = case.received_on
    case.accepted_at = at
    if case.kind == CaseKind.APPLICATION:
        case.planned_at = at
    move_case(case, deed, by=by, at=at, body={"promise_from": case.promise_from})
    tasks = steps.close(case, "acceptance", by=by, at=at)
    steps.enable_ready(case, by=by, at=at, among=tasks)
    return refresh_clock(case, at=at)


def refresh_clock(case: Case, *, at: dt.datetime) -> Case:
    """Recompute the promise and alarm of a locked case after a move and keep them."""
    deadlines.set_promise(case, calendar=current(), at=at)
    case.save(update_fields=["promise_due_on", "promise_provisional", "statutory_due_on", "next_alarm_at"])
    return case


@transaction.atomic
def refuse_acceptance(
    *, case_id: int, reason: RefusalReason, grounds: str, by: Actor, at: dt.datetime
) -> Case:
    """Not accept, with one of the enumerated reasons and where to go instead."""
    grounds = require(grounds, field="grounds", what=say("不予受理的理由和去处"))
    case = move_case(
        locked(case_id),
        Deed.REFUSE_ACCEPTANCE,
        by=by,
        at=at,
        facts={"refusal_reason": reason, "refusal_grounds": grounds, "next_alarm_at": None},
        body={"reason": reason},
        personal={"grounds": grounds},
    )
    close_down(case, say("不予受理"), by=by, at=at)
    return case


@transaction.atomic
def withdraw(*, case_id: int, reason: str, by: Actor, at: dt.datetime) -> Case:
    """The company takes its case back before the decision."""
    case = move_case(
        locked(case_id),
        Deed.WITHDRAW,
        by=by,
        at=at,
        facts={"next_alarm_at": None},
        personal={"reason": reason} if reason.strip() else None,
    )
    close_down(case, say("企业撤回"), by=by, at=at)
    return case


def close_down(case: Case, why: Sentence, *, by: Actor, at: dt.datetime) -> None:
    """What a case that ends early leaves behind: no open task, no open commitment."""
    steps.drop_open(case, why.text, by=by, at=at)
    open_now = Commitment.objects.filter(case=case, state=CommitmentState.OPEN)
    open_now.update(state=CommitmentState.VOID, next_alarm_at=None)
