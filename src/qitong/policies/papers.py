"""The papers of a policy, for one company: what is there and from where, made, shared or missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import OuterRef, Subquery

from qitong.casework.models import CaseMaterial
from qitong.catalogue.logic.kinds import MaterialSource
from qitong.catalogue.logic.types import MaterialSpec as Material
from qitong.catalogue.queries import Edition
from qitong.datashare import reuse
from qitong.datashare.models import Origin
from qitong.kernel.words import Named
from qitong.policies.schema import MaterialSpec, Policy


class Standing(StrEnum):
    """``made``: by the platform, to be signed; ``shared``: by a department, once the company allows it."""

    HELD = "held"
    MADE = "made"
    SHARED = "shared"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Held:
    """A document that goes along. ``case``: its newest case, which has no ``number`` while it is a draft."""

    on: dt.datetime
    origin: Origin
    case: int | None
    number: str


@dataclass(frozen=True, slots=True)
class Paper:
    """``department``: who shares it."""

    spec: MaterialSpec
    standing: Standing
    held: Held | None = None
    department: Named | None = None


def of(
    enterprise_id: int, policies: Iterable[Policy], edition: Edition | None
) -> Mapping[str, tuple[Paper, ...]]:
    """The papers of each policy, by its code; one query, none where no paper has a key.

    What a paper is, its catalogue item says; a draft of the item takes the same documents.
    """
    policies = {policy.id: policy for policy in policies}.values()
    items = {policy.item for policy in policies}
    materials = {
        (spec.code, material.key): material
        for spec in (edition.specs if edition else ())
        if spec.code in items
        for material in spec.materials
    }
    asked = {
        m.key
        for policy in policies
        for m in policy.materials
        if m.key and not _is_made(materials.get((policy.item or "", m.key)))
    }
    held = _held(enterprise_id, asked) if asked else {}
    names = edition.department_names if edition else {}
    return {
        policy.id: tuple(
            _paper(m, materials.get((policy.item or "", m.key or "")), held, names) for m in policy.materials
        )
        for policy in policies
    }


def _is_made(material: Material | None) -> bool:
    return material is not None and material.source is MaterialSource.GENERATED


def _paper(
    spec: MaterialSpec, material: Material | None, held: Mapping[str, Held], names: Mapping[str, Named]
) -> Paper:
    if _is_made(material):
        return Paper(spec, Standing.MADE)
    if there := held.get(spec.key or ""):
        return Paper(spec, Standing.HELD, held=there)
    if material is not None and material.source is MaterialSource.SHARED:
        return Paper(spec, Standing.SHARED, department=names.get(material.from_department))
    return Paper(spec, Standing.MISSING)


def _held(enterprise_id: int, keys: set[str]) -> dict[str, Held]:
    newest = CaseMaterial.objects.filter(document=OuterRef("pk")).order_by("-case_id")
    rows = reuse.newest(enterprise_id, keys).annotate(
        in_case=Subquery(newest.values("case_id")[:1]), in_number=Subquery(newest.values("case__number")[:1])
    )
    found = rows.values_list("key", "uploaded_at", "origin", "in_case", "in_number")
    return {key: Held(on, Origin(origin), case, number or "") for key, on, origin, case, number in found}
