"""Deferred acceptance (容缺受理): signed, cured, or missed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from qitong.accounts import enterprises
from qitong.accounts.actors import Actor
from qitong.accounts.models import MarkKind
from qitong.accounts.queries import has_unrepaired_mark
from qitong.casework import deadlines, drafts, routing
from qitong.casework.brought import papers_of
from qitong.casework.intake import close_down
from qitong.casework.logic import clock, deferral
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.deferral import Paper
from qitong.casework.logic.flow import Deed
from qitong.casework.logic.terms import CommitmentState, MaterialState
from qitong.casework.models import Case, CaseMaterial, Commitment
from qitong.casework.move import locked, move_case, person
from qitong.catalogue.calendar import current
from qitong.datashare import documents
from qitong.datashare.models import Document, Origin
from qitong.kernel.errors import Refused, require
from qitong.kernel.lines import require_line
from qitong.kernel.words import say
from qitong.kernel.workdays import Calendar, Limit

CONSEQUENCE = "本次办理终止，并记入企业信用记录。"
FORM = "材料扫描件或电子证照，在本平台提交"


def limit_on(case: Case, *, at: dt.datetime) -> dt.date:
    """The last day a cure may be promised for: the item's own limit, counted from today's receipt."""
    if case.promise_from and case.promise_due_on:
        return case.promise_due_on
    calendar = current()
    received = deadlines.received_day(calendar, at, case.window or routing.window_for(case))
    spec = deadlines.spec_of(case)
    days = spec.promised_days if spec else 0
    return clock.promise_due(calendar, received, Limit(days), (), day_of(at)).on


def text_of(case: Case, chosen: Sequence[Paper], due_on: dt.date, signer: str, on: dt.date) -> str:
    """The commitment as it will be signed on a day: shown before, stored and hashed after."""
    return deferral.notice(
        company=case.enterprise.name,
        item=case.title,
        names=[p.name.zh for p in chosen],
        due_on=due_on,
        signer=signer,
        signed_on=on,
    )


def _chosen(case: Case, keys: Sequence[str], due_on: dt.date, *, limit: dt.date, on: dt.date) -> list[Paper]:
    """The papers to be deferred, or the refusal of the first rule that forbids it."""
    known = papers_of(case)
    reason = deferral.why_not_defer(
        known,
        keys,
        dishonest=has_unrepaired_mark(case.enterprise_id),
        due_on=due_on,
        today=on,
        limit_on=limit,
    )
    if reason:
        raise Refused(reason, code="not_deferrable", field="keys")
    return [p for p in known if p.key in keys]


@transaction.atomic
def commit(
    *, case_id: int, keys: Sequence[str], due_on: dt.date, signer_name: str, by: Actor, at: dt.datetime
) -> Commitment:
    """Sign for named deferrable materials, to be brought by ``due_on``. Refused for anything else."""
    signer_name = require_line(signer_name, field="signer_name", what=say("承诺人姓名"), most=60)
    case = locked(case_id)
    limit = limit_on(case, at=at)
    chosen = _chosen(case, keys, due_on, limit=limit, on=day_of(at))
    text = text_of(case, chosen, due_on, signer_name, day_of(at))
    digest = deferral.text_hash(text)
    named = [p.key for p in chosen]
    body = {"materials": named, "due_on": due_on, "limit_on": limit, "text_sha256": digest}
    move_case(case, Deed.COMMIT, by=by, at=at, body=body, personal={"signer": signer_name})
    _void_open(case)
    commitment = Commitment.objects.create(
        case=case,
        text=text,
        text_hash=digest,
        signer_id=person(by),
        signer_name=signer_name,
        signed_at=at,
        due_on=due_on,
        limit_on=limit,
        document=_letter(case, chosen, due_on, signer_name, digest, by=by, at=at),
        next_alarm_at=alarm(due_on, at, current()),
    )
    case.materials.filter(key__in=named).update(state=MaterialState.DEFERRED, commitment=commitment)
    return commitment


def _letter(
    case: Case,
    chosen: Sequence[Paper],
    due_on: dt.date,
    signer: str,
    digest: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> Document:
    from qitong.datashare import papers  # here, so that no process holds it that draws none

    content = papers.commitment_letter(
        to=(case.window or routing.window_for(case)).name_zh,
        enterprise=case.enterprise.name,
        uscc=case.enterprise.uscc,
        item=case.title,
        materials=[papers.Promised(p.name.zh, FORM, due_on) for p in chosen],
        consequence=CONSEQUENCE,
        signer=signer,
        signed_at=at,
        reference=digest[:16],
    )
    return documents.store(
        io.BytesIO(content),
        name="容缺受理承诺书.pdf",
        key="",
        enterprise_id=case.enterprise_id,
        origin=Origin.GENERATED,
        by=by,
        at=at,
    )


def _void_open(case: Case) -> None:
    """A new signature on a draft replaces the one before it."""
    open_now = case.commitments.filter(state=CommitmentState.OPEN)
    CaseMaterial.objects.filter(commitment__in=open_now, state=MaterialState.DEFERRED).update(
        state=MaterialState.MISSING, commitment=None
    )
    open_now.update(state=CommitmentState.VOID, next_alarm_at=None)


def alarm(due_on: dt.date, at: dt.datetime, calendar: Calendar) -> dt.datetime | None:
    """The next moment a sweep has to look at a commitment due on ``due_on``."""
    days = [due_on]
    for n in range(1, max(clock.COMMITMENT_REMINDER_DAYS) + 1):
        days.append(clock.warn_day(calendar, days[n - 1], 1))
    watch = [days[n] for n in clock.COMMITMENT_REMINDER_DAYS]
    return clock.alarm_for(calendar, at, [*watch, due_on + dt.timedelta(days=1)])


@transaction.atomic
def cure(*, case_id: int, key: str, file: BinaryIO, name: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """Bring a material that was promised, was rejected, or is missing from an accepted case."""
    case = locked(case_id)
    material = drafts.material_of(case, key)
    owed = {MaterialState.DEFERRED, MaterialState.REJECTED}
    if case.accepted_at is not None:
        owed.add(MaterialState.MISSING)  # accepted by lapse of time: nobody told the company to bring it
    if material.state not in owed:
        raise Refused(say("这份材料不需要补交。"), code="not_owed", field="key")
    document = documents.store(file, name=name, key=key, enterprise_id=case.enterprise_id, by=by, at=at)
    move_case(case, Deed.CURE, by=by, at=at, body={"material": key, "sha256": document.sha256})
    drafts.put(material, document, at=at)
    settle(case, at=at)
    return material


def settle(case: Case, *, at: dt.datetime) -> None:
    """Close the open commitment once all its materials are in."""
    commitment = case.commitments.filter(state=CommitmentState.OPEN).first()
    if commitment is None:
        return
    lacking = commitment.materials.exclude(state__in=[MaterialState.PROVIDED, MaterialState.VERIFIED])
    if not lacking.exists():
        commitment.state = CommitmentState.FULFILLED
        commitment.fulfilled_at = at
        commitment.next_alarm_at = None
        commitment.save()


@transaction.atomic
def verify(*, case_id: int, key: str, correct: bool, remark: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """An officer looked at the material: in and correct, or not, with the reason."""
    case = locked(case_id)
    material = drafts.material_of(case, key)
    if material.document is None or material.state not in (MaterialState.PROVIDED, MaterialState.VERIFIED):
        raise Refused(say("这份材料还没有提供。"), code="not_provided", field="key")
    if not correct:
        remark = require(remark, field="remark", what=say("哪里不符合要求"))
    elif reason := documents.why_unusable(material.document):
        raise Refused(reason, code="not_usable", field="key")
    move_case(case, Deed.VERIFY, by=by, at=at, body={"material": key, "correct": correct, "remark": remark})
    material.state = MaterialState.VERIFIED if correct else MaterialState.REJECTED
    material.verified_at = at if correct else None
    material.remark = remark
    material.save()
    return material


@transaction.atomic
def miss(*, commitment_id: int, by: Actor, at: dt.datetime) -> Commitment:
    """The cure date has passed: the case ends and the company's record notes it."""
    case_id = Commitment.objects.values_list("case_id", flat=True).get(pk=commitment_id)
    case = locked(case_id)
    commitment = Commitment.objects.get(pk=commitment_id)
    if commitment.state != CommitmentState.OPEN or day_of(at) <= commitment.due_on:
        return commitment
    due = commitment.due_on
    reason = f"未在{due.year}年{due.month}月{due.day}日前补齐承诺的容缺材料"
    commitment.state, commitment.missed_at, commitment.next_alarm_at = CommitmentState.MISSED, at, None
    commitment.save()
    move_case(
        case,
        Deed.END,
        by=by,
        at=at,
        facts={"ended_reason": reason, "next_alarm_at": None},
        body={"commitment": commitment.pk, "due_on": due, "reason": "missed_commitment"},
    )
    close_down(case, say("承诺的容缺材料逾期未补齐"), by=by, at=at)
    enterprises.mark(
        enterprise=case.enterprise,
        kind=MarkKind.MISSED_COMMITMENT,
        subject=case.number or "",
        note=reason,
        by=by,
        at=at,
    )
    return commitment
