"""What a case brings with it, as rules see it: its materials, and what it is about."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from qitong.casework.logic import intake as logic
from qitong.casework.logic.deferral import Paper
from qitong.casework.logic.terms import MaterialState
from qitong.casework.models import Case


def papers_of(case: Case) -> list[Paper]:
    """The materials of a case as the rules of deferral see them; one query, two with consents."""
    if case.item_version is None:
        return []
    names = {spec.key: spec.name for spec in case.item_version.spec.materials}
    rows = list(case.materials.all())
    prefetch_related_objects([m for m in rows if m.consent_id], "consent")
    return [Paper(m.key, names[m.key], m.klass, MaterialState(m.state), m.is_authorised) for m in rows]


def fingerprint_of(case: Case) -> str:
    item = case.item_version.code if case.item_version else ""
    form = case.form
    return logic.fingerprint(
        case.enterprise_id, item, str(form.get("title", "")), str(form.get("description", ""))
    )
