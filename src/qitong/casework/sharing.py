"""Shared materials (信息共享): the company lets the department that holds a paper supply it.

A consent is asked for one case and one department, so that revoking it ends exactly that
(Personal Information Protection Law art. 14 and 15). What is fetched rests on that consent alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department
from qitong.casework import deferral, drafts, permissions
from qitong.casework.logic.flow import Deed
from qitong.casework.logic.terms import MaterialState
from qitong.casework.models import Case, CaseMaterial
from qitong.casework.move import locked, move_case
from qitong.catalogue.logic.types import MaterialSpec
from qitong.datashare import consents, documents
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say


@transaction.atomic
def authorise(*, case_id: int, keys: Sequence[str], by: Actor, at: dt.datetime) -> list[CaseMaterial]:
    """Let the departments that hold these materials supply them, for this case alone.

    Refused for a material that no department shares or that is there already. Authorising again
    changes nothing; what was revoked is authorised anew.
    """
    case = locked(case_id)
    permissions.demand(by, Deed.AUTHORISE, case)
    if not keys:
        raise Refused(say("请选择要授权部门共享的材料。"), code="nothing_chosen", field="keys")
    chosen = [drafts.material_of(case, key) for key in dict.fromkeys(keys)]
    for material in chosen:
        if reason := why_not_share(case, material):
            raise Refused(reason, code="not_sharable", field="keys")
    fresh = [material for material in chosen if not material.is_authorised]
    if not fresh:
        return chosen
    specs = {material.key: spec_of(case, material) for material in fresh}
    names = [_both(spec.name.zh, spec.name.en) for spec in specs.values()]
    move_case(case, Deed.AUTHORISE, by=by, at=at, body={"materials": list(specs), "names": names})
    for material in fresh:
        material.consent = consents.give(
            enterprise_id=case.enterprise_id,
            purpose=purpose_of(case),
            department_codes=[specs[material.key].from_department],
            by=by,
            at=at,
        )
        material.save(update_fields=["consent"])
    return chosen


def purpose_of(case: Case) -> str:
    """What the consent is for, in Chinese as it is given: the item, and the number or the draft."""
    return f"办理“{case.title}”，{f'办件{case.number}' if case.number else f'草稿{case.pk}'}"


@transaction.atomic
def fetch(*, case_id: int, key: str, file: BinaryIO, name: str, by: Actor, at: dt.datetime) -> CaseMaterial:
    """Attach what the department supplied, under the consent given for this case.

    Refused without such a consent, once it is revoked, and for a material that is there already.
    """
    case = locked(case_id)
    material = drafts.material_of(case, key)
    permissions.demand(by, Deed.FETCH, case)
    if reason := why_not_share(case, material):
        raise Refused(reason, code="not_sharable", field="key")
    spec = spec_of(case, material)
    document = documents.store_fetched(
        file,
        name=name,
        key=key,
        enterprise_id=case.enterprise_id,
        department_code=spec.from_department,
        consent_id=_consent_id(material),
        by=by,
        at=at,
    )
    holder = Department.objects.get(code=spec.from_department)
    body = {
        "material": key,
        "name": _both(spec.name.zh, spec.name.en),
        "department": _both(holder.name_zh, holder.name_en),
        "consent": material.consent_id,
        "sha256": document.sha256,
    }
    move_case(case, Deed.FETCH, by=by, at=at, body=body)
    drafts.put(material, document, at=at)
    deferral.settle(case, at=at)
    return material


def why_not_share(case: Case, material: CaseMaterial) -> Sentence:
    """Why no department has to supply this material; empty when one can."""
    name = spec_of(case, material).name
    if material.source != "shared":
        return say("“{name}”没有部门共享，请由企业提供。", name=name)
    if material.state in (MaterialState.PROVIDED, MaterialState.VERIFIED):
        return say("“{name}”已经提供，不需要部门共享。", name=name)
    return NOTHING


def _consent_id(material: CaseMaterial) -> int:
    if material.consent_id is None or not material.is_authorised:
        raise Refused(say("企业没有授权该部门共享资料，不能附上。请先请企业在门户授权。"), code="no_consent")
    return material.consent_id


def spec_of(case: Case, material: CaseMaterial) -> MaterialSpec:
    """What the case's own version of the item says of the material; ValueError for none."""
    found = case.item_version.spec.material(material.key) if case.item_version else None
    if found is None:
        raise ValueError(f"{case} has no material {material.key}")
    return found


def _both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}
