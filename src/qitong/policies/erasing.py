"""What a company said of itself goes with the company, and after a period; published policies stay."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.ledger.erase import erase as erase_texts
from qitong.ledger.models import Text
from qitong.policies.facts import GIVEN
from qitong.policies.models import (
    CompanyClass,
    CompanyFact,
    Lapse,
    ServicePackage,
    Unsuitable,
)
from qitong.policies.receiving import SHARED


@transaction.atomic
def erase_company(*, enterprise_id: int, by: Actor) -> None:
    """Delete its facts, its packages, what it found unsuitable and how it was counted; the texts in the
    ledger go with its other ones."""
    require_allowed(by, Deed.ERASE)
    for own in (CompanyFact, Lapse, ServicePackage, Unsuitable, CompanyClass):
        own._default_manager.filter(enterprise_id=enterprise_id).delete()


@transaction.atomic
def forget_before(moment: dt.datetime, *, by: Actor, at: dt.datetime, most: int) -> int:
    """Delete at most so many facts that were given before ``moment``, in the ledger's side table too."""
    require_allowed(by, Deed.ERASE)
    old = CompanyFact.objects.filter(given_at__lt=moment).order_by("given_at", "pk")
    rows = list(old.values_list("pk", "enterprise_id", "given_at")[:most])
    if not rows:
        return 0
    last = max(given_at for *_, given_at in rows)
    texts = Text.objects.filter(
        entry__stream__in={f"enterprise:{company}" for _, company, _ in rows},
        entry__kind__in=(GIVEN, SHARED),
        entry__at__lte=last,
    )
    if ids := list(texts.values_list("pk", flat=True)):
        erase_texts(ids, by=by.ref, at=at, reason="retention")
    CompanyFact.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()
    return len(rows)


@transaction.atomic
def forget_packages_before(moment: dt.datetime, *, by: Actor, at: dt.datetime, most: int) -> int:
    """Delete at most so many packages that ended before ``moment``, with what officers wrote in them."""
    require_allowed(by, Deed.ERASE)
    old = ServicePackage.objects.filter(ended_at__lt=moment).order_by("ended_at", "pk")
    rows = list(old.values_list("pk", "enterprise_id", "ended_at")[:most])
    if not rows:
        return 0
    texts = Text.objects.filter(
        entry__stream__in={f"enterprise:{company}" for _, company, _ in rows},
        entry__kind__startswith="package.",
        entry__body__package__in=[pk for pk, *_ in rows],
    )
    if ids := list(texts.values_list("pk", flat=True)):
        erase_texts(ids, by=by.ref, at=at, reason="retention")
    ServicePackage.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()
    return len(rows)
