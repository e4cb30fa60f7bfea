"""What the program does for packages by night: propose what speaks for itself, leave none with nobody."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from qitong.accounts.actors import Actor
from qitong.accounts.models import Membership
from qitong.accounts.queries import roles_on
from qitong.casework.logic.clock import day_of
from qitong.kernel.errors import Refused
from qitong.policies import responsible
from qitong.policies.logic.package import OPEN_STAGES
from qitong.policies.models import CompanyClass, ServicePackage
from qitong.policies.proposing import note, propose

EVERY = dt.timedelta(days=90)
"""A company is looked at once a quarter: more would be advertising."""
MOST = 500
"""In one night; what is more waits for the next."""


def propose_due(*, by: Actor, at: dt.datetime, most: int = MOST) -> int:
    """Begin packages for companies whose sector is known, with people who act for them, once a quarter.

    Nobody is told: an officer adjusts and sends them. Each company is a transaction of its own.
    """
    due = CompanyClass.objects.exclude(division="").filter(
        Q(considered_at=None) | Q(considered_at__lte=at - EVERY),
        Exists(Membership.objects.filter(enterprise=OuterRef("pk"), active=True)),
    )
    order = (F("considered_at").asc(nulls_first=True), "enterprise_id")
    made = 0
    for key in list(due.order_by(*order).values_list("enterprise_id", flat=True)[:most]):
        with transaction.atomic():
            CompanyClass.objects.filter(pk=key).update(considered_at=at)
            with suppress(Refused), transaction.atomic():  # nothing to propose, or nobody to do it
                made += propose(enterprise_id=key, by=by, at=at).proposed_at == at
    return made


def give_on(*, by: Actor, at: dt.datetime) -> int:
    """Open packages whose officer has left get another by the same rule; how many. One entry each."""
    at_work = roles_on(day_of(at)).values("user_id")
    left = ServicePackage.objects.filter(stage__in=OPEN_STAGES).exclude(officer__in=at_work)
    given = 0
    for key in list(left.order_by("pk").values_list("pk", flat=True)[:MOST]):
        with suppress(Refused), transaction.atomic():
            given += _given_on(key, by=by, at=at)
    return given


def _given_on(key: int, *, by: Actor, at: dt.datetime) -> bool:
    rows = ServicePackage.objects.select_related("enterprise__jurisdiction")
    row = rows.select_for_update(no_key=True, of=("self",)).get(pk=key)
    chosen = responsible.officer_for(row.enterprise, day_of(at))
    if chosen.user_id == row.officer_id:
        return False
    before = row.officer_id
    row.officer_id, row.officer_reason = chosen.user_id, chosen.reason
    row.save(update_fields=["officer", "officer_reason"])
    to = f"user:{chosen.user_id}"
    body = {"from": f"user:{before}", "to": to, "officer": to, "reason": chosen.reason}
    note(row, "package.officer", by=by, at=at, body={**body, "sent": row.is_with_company})
    return True
