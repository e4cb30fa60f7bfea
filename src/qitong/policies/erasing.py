"""What a company said of itself goes with the company, and after a period; published policies stay."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.permissions import Deed, require_allowed
from qitong.ledger.erase import erase as erase_texts
from qitong.ledger.models import Text
from qitong.policies.facts import GIVEN
from qitong.policies.models import CompanyFact, Lapse, Unsuitable
from qitong.policies.receiving import SHARED


@transaction.atomic
def erase_company(*, enterprise_id: int, by: Actor) -> None:
    """Delete its facts and what it found unsuitable; the figures in the ledger go with its other texts."""
    require_allowed(by, Deed.ERASE)
    CompanyFact.objects.filter(enterprise_id=enterprise_id).delete()
    Lapse.objects.filter(enterprise_id=enterprise_id).delete()
    Unsuitable.objects.filter(enterprise_id=enterprise_id).delete()


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
