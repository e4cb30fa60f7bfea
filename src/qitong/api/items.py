"""Service items (事项): public facts, readable without a token."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from qitong.api.auth import now
from qitong.api.shapes import Coded, Name
from qitong.casework.logic.clock import day_of
from qitong.catalogue import queries
from qitong.catalogue.logic.types import LABELS, ItemSpec, LimitSpec, LimitUnit
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say

router = Router(tags=["items"])
Departments = dict[str, Named]
OnParam = Annotated[dt.date | None, Query(description="The day whose catalogue is asked for; default today")]


class LimitOut(BaseModel):
    """``days`` in ``unit``: wd working days, cd calendar days; null days when the unit is none."""

    days: int | None
    unit: LimitUnit
    basis: Name | None = Field(default=None, description="The legal basis of a statutory limit")


class DepartmentRef(BaseModel):
    code: str
    name: Name


class ItemRow(BaseModel):
    code: str
    name: Name
    stage: Coded
    kind: Coded
    lead: DepartmentRef
    promised: LimitOut
    statutory: LimitOut
    red_line: bool


class MaterialOut(BaseModel):
    key: str
    name: Name
    material_class: Coded = Field(description="core, deferrable or red_line")
    source: Coded
    from_department: str


class StepOut(BaseModel):
    """A node of the step graph; it starts when all steps in ``after`` are done."""

    key: str
    name: Name
    kind: Coded
    department: DepartmentRef
    limit: LimitOut
    after: list[str]
    level: int


class CertificateOut(BaseModel):
    name: Name
    issuer: DepartmentRef
    validity: Name
    document: bool = Field(description="False where the law issues no paper")


class VariantOut(BaseModel):
    code: str
    name: Name
    statutory: LimitOut
    promised: LimitOut


class PauseOut(BaseModel):
    """Time outside the clock; ``reason`` is null where licensing law art. 45 does not list it."""

    name: Name
    reason: str | None


class OpenDays(BaseModel):
    """Applications are taken from ``opens`` to ``closes``, both included."""

    opens: dt.date
    closes: dt.date
    basis: Name


class Condition(BaseModel):
    when: str
    codes: list[str]


class ItemOut(ItemRow):
    co_departments: list[DepartmentRef]
    promise_source: Coded
    materials: list[MaterialOut]
    steps: list[StepOut]
    certificate: CertificateOut
    requires: list[str]
    requires_if: list[Condition]
    applies_when: str
    pauses: list[PauseOut]
    variant_fact: str
    variants: list[VariantOut]
    open_days: OpenDays | None
    escalation: Name | None
    notes: Name | None
    on: dt.date


class ItemList(BaseModel):
    on: dt.date
    items: list[ItemRow]


@router.get("/items", response=ItemList, summary="List or search the service items")
def list_items(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100, description="Everyday words, separated by blanks")] = "",
    on: OnParam = None,
) -> ItemList:
    day = on or day_of(now())
    names = queries.department_names(day)
    return ItemList(on=day, items=[_row(found.spec, names) for found in queries.guide_search(q, day)])


@router.get("/items/{code}", response=ItemOut, summary="One service item in full, with its step graph")
def read_item(
    request: HttpRequest, code: Annotated[str, Path(pattern="^[a-z0-9_]{1,60}$")], on: OnParam = None
) -> ItemOut:
    day = on or day_of(now())
    found = queries.item(code, day)
    if found is None:
        raise Refused(say("没有这个事项。"), code="not_found")
    return _full(found.spec, queries.department_names(day), day)


def _department(code: str, names: Departments) -> DepartmentRef:
    return DepartmentRef(code=code, name=Name.of(names.get(code, Named(code, code))))


def _limit(limit: LimitSpec) -> LimitOut:
    return LimitOut(days=limit.days, unit=limit.unit, basis=Name.of(limit.basis))


def _promise(days: int) -> LimitOut:
    return LimitOut(days=days, unit=LimitUnit.WD)


def _row(spec: ItemSpec, names: Departments) -> ItemRow:
    return ItemRow(
        code=spec.code,
        name=Name.of(spec.name),
        stage=Coded.of(spec.stage, LABELS[spec.stage]),
        kind=Coded.of(spec.kind, LABELS[spec.kind]),
        lead=_department(spec.lead, names),
        promised=_promise(spec.promised_days),
        statutory=_limit(spec.statutory),
        red_line=spec.red_line,
    )


def _full(spec: ItemSpec, names: Departments, day: dt.date) -> ItemOut:
    certificate = spec.certificate
    return ItemOut(
        **dict(_row(spec, names)),
        co_departments=[_department(code, names) for code in spec.co],
        promise_source=Coded.of(spec.promise_source, LABELS[spec.promise_source]),
        materials=_materials(spec),
        steps=_steps(spec, names),
        certificate=CertificateOut(
            name=Name.of(certificate.name),
            issuer=_department(certificate.issuer, names),
            validity=Name.of(certificate.validity),
            document=certificate.document,
        ),
        requires=list(spec.requires),
        requires_if=[Condition(when=when, codes=list(codes)) for when, codes in spec.requires_if],
        applies_when=spec.applies_when,
        pauses=[PauseOut(name=Name.of(p.name), reason=p.reason) for p in spec.pauses],
        variant_fact=spec.variant_fact,
        variants=_variants(spec),
        open_days=_open_days(spec),
        escalation=Name.of(spec.escalation) if spec.escalation else None,
        notes=Name.of(spec.notes) if spec.notes else None,
        on=day,
    )


def _materials(spec: ItemSpec) -> list[MaterialOut]:
    return [
        MaterialOut(
            key=m.key,
            name=Name.of(m.name),
            material_class=Coded.of(m.klass, LABELS[m.klass]),
            source=Coded.of(m.source, LABELS[m.source]),
            from_department=m.from_department,
        )
        for m in spec.materials
    ]


def _steps(spec: ItemSpec, names: Departments) -> list[StepOut]:
    return [
        StepOut(
            key=s.key,
            name=Name.of(s.name),
            kind=Coded.of(s.kind, LABELS[s.kind]),
            department=_department(s.department, names),
            limit=_promise(s.days),
            after=list(s.after),
            level=s.level,
        )
        for s in spec.steps
    ]


def _variants(spec: ItemSpec) -> list[VariantOut]:
    return [
        VariantOut(
            code=v.code,
            name=Name.of(v.name),
            statutory=_limit(v.statutory),
            promised=_promise(v.promised_days),
        )
        for v in spec.variants
    ]


def _open_days(spec: ItemSpec) -> OpenDays | None:
    if spec.window is None:
        return None
    return OpenDays(opens=spec.window.opens, closes=spec.window.closes, basis=Name.of(spec.window.basis))
