"""A case as the API shows it: a row of a list, and in full."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field

from qitong.accounts.actors import Actor
from qitong.api.shapes import AllowedDeed, Coded, LightOut, Name, shown
from qitong.api.task_shapes import TaskOut, task_out
from qitong.casework import delivery, intake, personal, queries
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import CASE_FLOW, CASE_STATE_WORDS, CaseKind, CaseState, Deed, Party
from qitong.casework.logic.terms import (
    MATERIAL_CLASS_WORDS,
    MATERIAL_SOURCE_WORDS,
    MATERIAL_STATE_WORDS,
    MaterialState,
)
from qitong.casework.models import Case, CaseMaterial
from qitong.casework.permissions import NOWHERE, why_not
from qitong.catalogue.models import Material
from qitong.datashare.models import Document
from qitong.kernel.masking import Veil
from qitong.kernel.words import Sentence

REQUEST_ONLY = frozenset({Deed.PLAN, Deed.COMPLETE_REVIEW})
APPLICATION_ONLY = frozenset({Deed.ATTACH, Deed.AUTHORISE, Deed.FETCH, Deed.COMMIT, Deed.CURE, Deed.VERIFY})
NAMES = {Deed.PLAN: "dispatch"}
"""The deeds whose name in the API says more than the one of the flow."""


class CompanyOut(BaseModel):
    uscc: str
    name: str


class CaseRow(BaseModel):
    """Names and numbers of people are left to the case itself."""

    id: int
    number: str | None = Field(description="Given at submission")
    kind: CaseKind
    state: Coded
    title: str
    item: str | None
    company: CompanyOut
    light: LightOut
    ball: str = Field(description="Who has to act")
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    due_on: dt.date | None


class CasePage(BaseModel):
    cases: list[CaseRow]
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Promises(BaseModel):
    """What the company was promised, as dates; ``days`` in ``unit`` (wd working, cd calendar days)."""

    contact_due_on: dt.date | None
    contacted_at: dt.datetime | None
    reply_due_on: dt.date | None
    days: int | None
    extension_days: int
    unit: str
    counted_from: dt.date | None
    due_on: dt.date | None
    provisional: bool
    statutory_due_on: dt.date | None


class OwnerOut(BaseModel):
    """The first-contact owner, who answers for the case to the end."""

    name: str
    phone: str


class ContactOut(BaseModel):
    name: str
    phone: str


class FileOut(BaseModel):
    name: str
    size: int = Field(description="Bytes")
    content_type: str
    sha256: str
    scan: str


class CaseMaterialOut(BaseModel):
    key: str
    name: Name
    material_class: Coded
    source: Coded
    state: Coded
    due_on: dt.date | None = Field(description="Last day to bring a deferred material")
    authorised: bool = Field(description="The company lets the department that holds it supply it")
    remark: str
    file: FileOut | None


class CertificateRow(BaseModel):
    number: str
    title: Name
    issued_on: dt.date
    validity: str


class CaseOut(CaseRow):
    description: str
    facts: dict[str, Any]
    contact: ContactOut
    owner: OwnerOut | None
    promises: Promises
    correction_notice: str
    refusal_grounds: str
    materials: list[CaseMaterialOut]
    tasks: list[TaskOut]
    certificates: list[CertificateRow]
    allowed_deeds: list[AllowedDeed]


def row_out(summary: queries.Summary, actor: Actor) -> CaseRow:
    case = summary.case
    label = case.own_label if personal.owns(actor, case) else case.label
    return CaseRow(
        id=case.pk,
        number=case.number,
        kind=CaseKind(case.kind),
        state=Coded.of(case.state, summary.state),
        title=shown(label),
        item=case.item_version.code if case.item_version else None,
        company=CompanyOut(uscc=case.enterprise.uscc, name=case.enterprise.name),
        light=LightOut.of(summary.light),
        ball=shown(summary.ball),
        created_at=case.created_at,
        submitted_at=case.submitted_at,
        due_on=case.promise_due_on,
    )


def case_out(case: Case, actor: Actor, *, at: dt.datetime) -> CaseOut:
    """In full, for a case read through ``scope.case_of``."""
    today = day_of(at)
    detail = queries.detail(case, today=today, standing=None if actor.is_officer else NOWHERE)
    summary = queries.Summary(case, detail.light, CASE_STATE_WORDS[CaseState(case.state)], _ball(case))
    row, form, veil = row_out(summary, actor), case.form, personal.veil_of(actor, case, at=at)
    return CaseOut(
        **dict(row),
        description=veil.text(str(form.get("description", ""))),
        facts={name: veiled(value, veil) for name, value in form.get("facts", {}).items()},
        contact=contact_out(case, veil),
        owner=OwnerOut(name=case.owner.name, phone=case.owner.phone) if case.owner else None,
        promises=_promises(case),
        correction_notice=veil.text(case.correction_notice),
        refusal_grounds=veil.text(case.refusal_grounds),
        materials=materials_out(case, veil),
        tasks=[task_out(row, actor, detail.standing, veil) for row in detail.tasks],
        certificates=[
            CertificateRow(
                number=c.number,
                title=Name(zh=c.title_zh, en=c.title_en),
                issued_on=c.issued_on,
                validity=c.validity,
            )
            for c in sorted(case.certificates.all(), key=lambda c: -c.pk)
        ],
        allowed_deeds=_allowed(case, actor, detail),
    )


def _ball(case: Case) -> object:
    return queries.ball_of(case, queries.live_tasks(case))


def contact_out(case: Case, veil: Veil) -> ContactOut:
    name, phone = personal.contact_of(case, veil)
    return ContactOut(name=name, phone=phone)


def veiled(value: Any, veil: Veil) -> Any:
    """An answer of the form: a text through the veil, all else as it is."""
    return veil.text(value) if isinstance(value, str) else value


def _promises(case: Case) -> Promises:
    return Promises(
        contact_due_on=case.contact_due_on,
        contacted_at=case.contacted_at,
        reply_due_on=case.plan_due_on,
        days=case.promise_days,
        extension_days=case.extension_days,
        unit=case.promise_unit,
        counted_from=case.promise_from,
        due_on=case.promise_due_on,
        provisional=case.promise_provisional,
        statutory_due_on=case.statutory_due_on,
    )


def materials_out(case: Case, veil: Veil) -> list[CaseMaterialOut]:
    """The materials of a case in their order: two queries, none for a request, which has none."""
    if case.item_version_id is None:
        return []
    names = {m.key: m for m in Material.objects.filter(item_version_id=case.item_version_id)}
    return [
        material_out(m, Name(zh=names[m.key].name_zh, en=names[m.key].name_en), veil)
        for m in case.materials.select_related("document", "commitment", "consent")
    ]


def material_out(material: CaseMaterial, name: Name, veil: Veil) -> CaseMaterialOut:
    state = MaterialState(material.state)
    deferred = state is MaterialState.DEFERRED and material.commitment is not None
    return CaseMaterialOut(
        key=material.key,
        name=name,
        material_class=Coded.of(material.klass, MATERIAL_CLASS_WORDS[material.klass]),
        source=Coded.of(material.source, MATERIAL_SOURCE_WORDS[material.source]),
        state=Coded.of(state, MATERIAL_STATE_WORDS[state]),
        due_on=material.commitment.due_on if deferred and material.commitment else None,
        authorised=material.is_authorised,
        remark=veil.text(material.remark),
        file=_file(material.document) if material.document else None,
    )


def _file(document: Document) -> FileOut:
    return FileOut(
        name=document.name,
        size=document.size,
        content_type=document.content_type,
        sha256=document.sha256,
        scan=document.scan,
    )


def _allowed(case: Case, actor: Actor, detail: queries.Detail) -> list[AllowedDeed]:
    """Every deed that people (not the system alone) can do to a case of this kind, with the reason if not."""
    other = APPLICATION_ONLY if case.kind == CaseKind.REQUEST else REQUEST_ONLY
    rows = [row for row in CASE_FLOW if row.who != (Party.SYSTEM,) and row.deed not in other]
    found = []
    for row in rows:
        reason = why_not(actor, row.deed, case, detail.standing) or _not_ready(case, row.deed, detail)
        name = NAMES.get(row.deed, row.deed.value)
        found.append(
            AllowedDeed(deed=name, name=str(row.words), allowed=not reason, why_not=str(reason or ""))
        )
    return found


def _not_ready(case: Case, deed: Deed, detail: queries.Detail) -> Sentence | None:
    if deed is Deed.ACCEPT:
        return intake.why_not_acceptable(case, detail.papers)
    return delivery.why_not_deliver(case) if deed is Deed.DELIVER else None
