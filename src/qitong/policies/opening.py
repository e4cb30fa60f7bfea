"""Somebody of a company went from the message that told of a gain to the policy: noted once a change."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.ledger.record import record
from qitong.policies.change_models import Change
from qitong.policies.permissions import demand_member


@transaction.atomic
def opened(*, change_id: int, enterprise_id: int, policy: str, by: Actor, at: dt.datetime) -> bool:
    """Whether this was the first time; what they were not told of, and what is another's, is not noted.

    Refused (``forbidden``): who does not act for the company.
    """
    demand_member(by, enterprise_id)
    told = Change.objects.filter(pk=change_id, enterprise_id=enterprise_id, policy=policy, told=True)
    if not told.filter(opened_at=None, at__lte=at).update(opened_at=at):
        return False
    body = {"change": change_id, "policy": policy}
    record(f"enterprise:{enterprise_id}", "policy.opened", by=by.ref, at=at, body=body)
    return True
