"""The officers' part of a service package: proposed, adjusted line by line, sent once, or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import day_of
from qitong.casework.move import person
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.policies import responsible, serving
from qitong.policies.choosing import lines_for
from qitong.policies.demand import Profile, profile
from qitong.policies.logic.package import OPEN_STAGES, Candidate, Stage, Thing, Why, barred
from qitong.policies.models import PackageLine, ServicePackage
from qitong.policies.serving import PackageDeed

MAX_NOTE, MAX_REASON, MAX_LINES = 300, 200, 12
PROGRAM = Actor.system("packages")
"""How the program looks at a company: drafts included, so that nothing is proposed that is on its way."""


@transaction.atomic
def propose(*, enterprise_id: int, by: Actor, at: dt.datetime) -> ServicePackage:
    """Begin a package with what speaks for itself today; while one is open, that one.

    Refused: ``forbidden``, ``no_window``, ``no_officer``, and ``nothing`` to propose.
    """
    company = lock(enterprise_id, by)
    if found := open_package(enterprise_id):
        return found
    seen = profile(company, by=PROGRAM, on=day_of(at))
    lines = lines_for(seen)
    if not lines:
        raise Refused(say("现在没有可以向这家企业建议的政策和事项。"), code="nothing")
    return _begun(seen, lines, by=by, at=at)


def _begun(seen: Profile, lines: Sequence[Candidate], *, by: Actor, at: dt.datetime) -> ServicePackage:
    officer = responsible.officer_for(seen.enterprise, seen.on)
    made = ServicePackage.objects.create(
        enterprise=seen.enterprise,
        bundle=seen.bundle.id if seen.bundle else "",
        industry=seen.sector.industry,
        size=seen.sector.size,
        officer_id=officer.user_id,
        officer_reason=officer.reason,
        proposed_by=by.ref,
        proposed_at=at,
    )
    PackageLine.objects.bulk_create(
        PackageLine(
            package=made,
            thing=one.thing.value,
            code=one.code,
            position=place,
            why=one.why.value,
            detail=dict(one.detail),
        )
        for place, one in enumerate(lines)
    )
    body: dict[str, object] = {
        "officer": f"user:{officer.user_id}",
        "officer_reason": officer.reason,
        "lines": [f"{one.thing}:{one.code}" for one in lines],
    }
    note(made, "package.proposed", by=by, at=at, body=body)
    return made


@transaction.atomic
def add(
    *, enterprise_id: int, thing: str, code: str, reason: str, by: Actor, at: dt.datetime
) -> ServicePackage:
    """Add a line with the officer's sentence. Refused: what there is not, what is in it, what the company
    has or declared unsuitable, a sentence that is missing or too long, a package with enough lines."""
    company = lock(enterprise_id, by)
    kept = _adjustable(enterprise_id)
    key = (Thing(thing), code) if thing in {t.value for t in Thing} else None
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise Refused(
            say("请用一句话写明为什么建议，最多{n}字。", n=MAX_REASON), code="missing", field="reason"
        )
    seen = profile(company, by=PROGRAM, on=day_of(at))
    if key is None or not exists(seen, *key):
        raise Refused(say("请选择一项政策或事项。"), code="not_found", field="what")
    if key in barred(seen.unsuitable, seen.leads_to):
        raise Refused(say("企业说过这一项不适合，不能再次建议。"), code="unsuitable", field="what")
    if key in seen.had:
        raise Refused(say("企业已经办过或正在办这一项。"), code="had", field="what")
    lines = list(kept.lines.all())
    if any((line.thing, line.code) == key for line in lines):
        raise Refused(say("这一项已经在服务包里。"), code="twice", field="what")
    if len(lines) >= MAX_LINES:
        raise Refused(say("一份服务包最多{n}项，请先去掉一项。", n=MAX_LINES), code="too_many", field="what")
    last = kept.lines.aggregate(last=Max("position"))["last"]
    detail = {"zh": reason, "en": reason}
    PackageLine.objects.create(
        package=kept, thing=thing, code=code, position=(last or 0) + 1, why=Why.OFFICER.value, detail=detail
    )
    note(kept, "package.adjusted", by=by, at=at, text=reason, body={"added": f"{thing}:{code}"})
    return kept


def exists(seen: Profile, thing: Thing, code: str) -> bool:
    """Whether it can be proposed at all: an item of the catalogue, a policy in force."""
    if thing is Thing.ITEM:
        return code in seen.item_names
    return any(match.entry.policy.id == code for match in seen.mine.matches)


@transaction.atomic
def remove(*, enterprise_id: int, line_id: int, by: Actor, at: dt.datetime) -> ServicePackage:
    """Take a line out. Refused: the last one (withdraw the package instead), and one that is not in it."""
    lock(enterprise_id, by)
    kept = _adjustable(enterprise_id)
    line = kept.lines.filter(pk=line_id).first()
    if line is None:
        raise Refused(say("这一项已经不在服务包里。"), code="not_found")
    if kept.lines.count() == 1:
        raise Refused(say("这是最后一项。不想建议任何一项，请撤下整份服务包。"), code="last")
    line.delete()
    note(kept, "package.adjusted", by=by, at=at, body={"removed": f"{line.thing}:{line.code}"})
    return kept


@transaction.atomic
def write(*, enterprise_id: int, text: str, by: Actor, at: dt.datetime) -> ServicePackage:
    """Put a sentence of the officer's before the lines; empty takes it away."""
    lock(enterprise_id, by)
    kept = _adjustable(enterprise_id)
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_NOTE:
        raise Refused(say("内容太长，请控制在{n}字以内。", n=MAX_NOTE), code="too_long", field="note")
    if text != kept.note:
        kept.note = text
        kept.save(update_fields=["note"])
        note(kept, "package.adjusted", by=by, at=at, text=text)
    return kept


@transaction.atomic
def send(*, enterprise_id: int, by: Actor, at: dt.datetime) -> ServicePackage:
    """Hand it to the company, whose people are told once. What it declared unsuitable or began meanwhile is
    left out; refused (``nothing``) when no line is left."""
    company = lock(enterprise_id, by)
    kept = _adjustable(enterprise_id)
    sender = person(by)
    seen = profile(company, by=PROGRAM, on=day_of(at))
    out = barred(seen.unsuitable, seen.leads_to) | seen.had
    lines = list(kept.lines.order_by("position"))
    stale = [
        line.pk
        for line in lines
        if (Thing(line.thing), line.code) in out or not exists(seen, Thing(line.thing), line.code)
    ]
    if len(stale) == len(lines):
        raise Refused(say("企业已经办过或谢绝了其中的每一项，请撤下后重新建议。"), code="nothing")
    kept.lines.filter(pk__in=stale).delete()
    kept.stage, kept.sent_by_id, kept.sent_at = Stage.SENT.value, sender, at
    kept.save(update_fields=["stage", "sent_by", "sent_at"])
    body = {"officer": f"user:{kept.officer_id}", "lines": len(lines) - len(stale)}
    note(kept, "package.sent", by=by, at=at, body=body)
    return kept


@transaction.atomic
def withdraw(*, enterprise_id: int, by: Actor, at: dt.datetime) -> ServicePackage:
    """Take the open package back, sent or not; what the company answered stays answered."""
    lock(enterprise_id, by)
    kept = open_package(enterprise_id)
    if kept is None:
        raise Refused(say("现在没有进行中的服务包。"), code="not_found")
    was = kept.stage
    kept.stage, kept.ended_at = Stage.WITHDRAWN.value, at
    kept.save(update_fields=["stage", "ended_at"])
    note(kept, "package.withdrawn", by=by, at=at, body={"was": was})
    return kept


def lock(enterprise_id: int, by: Actor) -> Enterprise:
    """The company, until the transaction ends; refused to who does not serve it, or where there is none."""
    rows = serving.with_serving(Enterprise.objects.select_related("jurisdiction", "counted_as"))
    company = rows.select_for_update(no_key=True, of=("self",)).filter(pk=enterprise_id).first()
    if company is None:
        raise Refused(say("没有这家企业。"), code="not_found")
    serving.demand(by, PackageDeed.PREPARE, serving.served(company))
    return company


def open_package(enterprise_id: int) -> ServicePackage | None:
    return ServicePackage.objects.filter(enterprise=enterprise_id, stage__in=OPEN_STAGES).first()


def _adjustable(enterprise_id: int) -> ServicePackage:
    found = open_package(enterprise_id)
    if found is None:
        raise Refused(say("现在没有进行中的服务包。"), code="not_found")
    if found.stage != Stage.PROPOSED:
        raise Refused(say("服务包已经发给企业，不能再改；可以撤下后重新建议。"), code="sent")
    return found


def note(
    row: ServicePackage,
    kind: str,
    *,
    by: Actor,
    at: dt.datetime,
    text: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """One entry in the company's stream; what an officer wrote stands beside it and can be erased."""
    record(
        f"enterprise:{row.enterprise_id}",
        kind,
        by=by.ref,
        at=at,
        body={"package": row.pk, **(body or {})},
        personal={"text": text} if text else None,
    )
