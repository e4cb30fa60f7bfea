"""Delivery of the result, its confirmation, and reopening."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
from qitong.casework import deadlines, decision, steps
from qitong.casework.brought import papers_of
from qitong.casework.logic import deferral
from qitong.casework.logic.carry import produced_key
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import Deed
from qitong.casework.models import Case, Certificate, Decision, Pause
from qitong.casework.move import locked, move_case
from qitong.catalogue.calendar import current
from qitong.catalogue.queries import promises
from qitong.datashare import documents
from qitong.datashare.models import Document, Origin
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import Sentence, say
from qitong.kernel.workdays import Calendar, PauseReason


def why_not_deliver(case: Case) -> Sentence:
    """No certificate before every material is in and correct."""
    owed = deferral.owed(papers_of(case))
    if owed:
        return say("材料没有到齐，不能发放结果，还缺：{names}。", names=tuple(p.name for p in owed))
    return say("")


@transaction.atomic
def deliver(
    *,
    case_id: int,
    by: Actor,
    at: dt.datetime,
    file: BinaryIO | None = None,
    name: str = "",
    verify_at: str = "",
) -> Certificate:
    """Hand the result over: a record and a file. Without ``file`` the platform makes the paper.

    ``verify_at`` is the address printed as a QR code, at which the paper can be checked.
    """
    case = locked(case_id)
    if reason := why_not_deliver(case):
        raise Refused(reason, code="materials_owed")
    calendar = current()
    facts = {"delivered_at": at, "next_alarm_at": None}
    move_case(case, Deed.DELIVER, by=by, at=at, facts=facts, body={"number": _number(case)})
    case.next_alarm_at = deadlines.case_alarm(case, calendar=calendar, at=at)
    case.save(update_fields=["next_alarm_at"])
    taken = case.decisions.get(round=case.round)
    content = file or io.BytesIO(_paper(case, taken, verify_at or (case.number or ""), at=at))
    document = _keep(case, content, name, by=by, at=at)
    spec = case.item_version.spec if case.item_version else None
    return Certificate.objects.create(
        case=case,
        decision=taken,
        number=_number(case),
        title_zh=spec.certificate.name.zh if spec else "诉求办理答复",
        title_en=spec.certificate.name.en if spec else "Reply to the request",
        validity=spec.certificate.validity.zh if spec else "",
        issued_on=day_of(at),
        document=document,
    )


def _number(case: Case) -> str:
    return f"{case.number}-{case.round}"


def _keep(case: Case, content: BinaryIO, name: str, *, by: Actor, at: dt.datetime) -> Document:
    title = case.item_version.spec.certificate.name.zh if case.item_version else "诉求办理答复"
    return documents.store(
        content,
        name=name or f"{title}.pdf".replace("/", "-"),
        key=produced_key(case.item_version.code) if case.item_version else "",
        enterprise_id=case.enterprise_id,
        origin=Origin.CERTIFICATE,
        by=by,
        at=at,
    )


def _paper(case: Case, taken: Decision, verify_at: str, *, at: dt.datetime) -> bytes:
    from qitong.datashare import papers  # here, so that no process holds it that draws none

    if case.item_version is None:
        return papers.notice(
            title="诉求办理答复",
            addressee=case.enterprise.name,
            paragraphs=[f"您单位提出的“{case.title}”已办理完毕，答复如下。", *taken.grounds.splitlines()],
            issuer=case.window.name_zh if case.window else "",
            issued_on=day_of(at),
            reference=_number(case),
        )
    spec = case.item_version.spec
    issuer = Department.objects.filter(code=spec.certificate.issuer).first()
    return papers.certificate(
        title=spec.certificate.name.zh,
        number=_number(case),
        holder=case.enterprise.name,
        uscc=case.enterprise.uscc,
        issuer=issuer.name_zh if issuer else "",
        issued_on=day_of(at),
        validity=spec.certificate.validity.zh,
        body=[f"经审查，{case.enterprise.name}申请的“{case.title}”符合规定，准予办理。"],
        qr_text=verify_at,
    )


@transaction.atomic
def confirm(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """The company has what it asked for."""
    facts = {"closed_at": at, "next_alarm_at": None}
    return move_case(locked(case_id), Deed.CONFIRM, by=by, at=at, facts=facts)


@transaction.atomic
def auto_confirm(*, case_id: int, by: Actor, at: dt.datetime) -> Case:
    """Nobody objected within the window: the case is closed, and can still be seen."""
    case = locked(case_id)
    if case.delivered_at is None or day_of(at) <= auto_confirm_on(case.delivered_at):
        return case
    return move_case(case, Deed.AUTO_CONFIRM, by=by, at=at, facts={"closed_at": at, "next_alarm_at": None})


def auto_confirm_on(delivered_at: dt.datetime) -> dt.date:
    """The last day on which the company may still say no before the case closes by itself."""
    return auto_confirm_after(day_of(delivered_at))


def auto_confirm_after(day: dt.date) -> dt.date:
    """The same for what was delivered on a day."""
    return _after(day, current()).confirm_by


def reopen_until(case: Case) -> dt.date | None:
    """The last day on which the company may reopen; None where there is nothing to reopen."""
    days = last_days(case)
    return days.reopen_until if days else None


@dataclass(frozen=True, slots=True)
class LastDays:
    """Until when the company may object to a result."""

    confirm_by: dt.date
    reopen_until: dt.date


def last_days(case: Case) -> LastDays | None:
    """Counted from the last thing that happened to the result; None before there is one.

    One query for a case read through ``queries.whole``.
    """
    moment = case.closed_at or case.delivered_at or case.decided_at
    return _after(day_of(moment), current(vars(case).get("newest_calendar"))) if moment is not None else None


def _after(day: dt.date, calendar: Calendar) -> LastDays:
    promised = promises(day)
    return LastDays(calendar.add(day, promised.auto_confirm), calendar.add(day, promised.reopen_window))


@transaction.atomic
def reopen(*, case_id: int, reason: str, keys: Sequence[str] = (), by: Actor, at: dt.datetime) -> Case:
    """Challenge the result within the window: the departments (``keys``, or all) get it again.

    The promise does not start anew; the days between delivery and reopening do not count.
    """
    reason = require(reason, field="reason", what=say("要求重新办理的理由"))
    case = locked(case_id)
    until = reopen_until(case)
    if until is not None and day_of(at) > until:
        raise Refused(
            say("重新办理应在{until}前提出，现在已过期限。可以提交新的诉求。", until=until), code="too_late"
        )
    stopped = case.delivered_at or case.decided_at
    reviewed = frozenset(t.key for t in steps.of_round(case) if t.kind not in ("acceptance", "decision"))
    chosen = (frozenset(keys) & reviewed) or reviewed
    facts = {"reopened_at": at, "decided_at": None, "delivered_at": None, "closed_at": None}
    move_case(
        case,
        Deed.REOPEN,
        by=by,
        at=at,
        facts=facts,
        body={"steps": sorted(chosen)},
        personal={"reason": reason},
    )
    if stopped is not None:
        Pause.objects.create(
            case=case,
            reason=PauseReason.RESULT_DELIVERED,
            stops_promise=True,
            starts_on=day_of(stopped),
            ends_on=day_of(at),
            opened_by=by.ref,
        )
    return decision.next_round(case, chosen, by=by, at=at)
