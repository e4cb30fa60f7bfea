"""Consents: authorise once, then departments share what they hold instead of asking again.

Personal Information Protection Law art. 14 and 15: for a stated purpose, and revocable at any time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department, Enterprise
from qitong.datashare import permissions
from qitong.datashare.models import Consent
from qitong.kernel.errors import Refused, require
from qitong.kernel.words import say
from qitong.ledger.record import record


def give(
    *, enterprise_id: int, purpose: str, department_codes: Iterable[str], by: Actor, at: dt.datetime
) -> Consent:
    """Let these departments share what they hold about the enterprise, for this purpose.

    The same consent given twice is one. Refused without purpose or departments, for unknown
    departments, and to who is not a member of the enterprise.
    """
    purpose = require(purpose, field="purpose", what=say("授权用途"))
    codes = sorted(set(department_codes))
    _check_departments(codes)
    sentence = permissions.why_not_for(by, enterprise_id)
    if sentence or by.user_id is None:
        raise Refused(sentence, code="forbidden")
    with transaction.atomic():
        Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)  # one giver at a time
        same = Consent.objects.filter(
            enterprise_id=enterprise_id, purpose=purpose, department_codes=codes, revoked_at=None
        ).first()
        if same is not None:
            return same
        consent = Consent.objects.create(
            enterprise_id=enterprise_id,
            purpose=purpose,
            department_codes=codes,
            given_by_id=by.user_id,
            given_at=at,
        )
        record(
            f"enterprise:{enterprise_id}",
            "consent.given",
            by=by.ref,
            at=at,
            body={"consent": consent.pk, "departments": codes},
            personal={"purpose": purpose},
        )
    return consent


def revoke(consent_id: int, *, by: Actor, at: dt.datetime) -> Consent:
    """End a consent: nothing more is fetched under it and nothing fetched is offered again.

    Cases that already rest on it keep what they hold. A second call changes nothing.
    """
    with transaction.atomic():
        consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent_id)
        if sentence := permissions.why_not_for(by, consent.enterprise_id):
            raise Refused(sentence, code="forbidden")
        if consent.revoked_at is None:
            consent.revoked_at, consent.revoked_by_id = at, by.user_id
            consent.save(update_fields=["revoked_at", "revoked_by"])
            record(
                f"enterprise:{consent.enterprise_id}",
                "consent.revoked",
                by=by.ref,
                at=at,
                body={"consent": consent.pk},
            )
    return consent


def covering(enterprise_id: int, department_code: str) -> Consent | None:
    """The newest consent under which this department may share, or None."""
    return (
        Consent.objects.filter(
            enterprise_id=enterprise_id, department_codes__contains=[department_code], revoked_at=None
        )
        .order_by("-given_at", "-pk")
        .first()
    )


def has(enterprise_id: int, department_code: str) -> bool:
    """Whether this department may share what it holds about the enterprise."""
    return covering(enterprise_id, department_code) is not None


def _check_departments(codes: list[str]) -> None:
    if not codes:
        raise Refused(say("请至少选择一个部门。"), code="missing", field="department_codes")
    known = set(Department.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise Refused(
            say("没有编码为{codes}的部门，请重新选择。", codes=tuple(unknown)),
            code="unknown_department",
            field="department_codes",
        )
