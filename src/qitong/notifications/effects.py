"""What came of telling companies of a policy: how many opened the message, applied, were granted.

A company counts once for each gain it was told of, however many of its people read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from qitong.casework.logic.terms import Outcome
from qitong.casework.models import Decision
from qitong.notifications.models import Message
from qitong.policies.change_models import Change
from qitong.policies.models import Application


@dataclass(frozen=True, slots=True)
class Effect:
    told: int
    opened: int
    applied: int
    granted: int


def of_policy(code: str) -> Effect:
    """One query. Applied: a draft or more was begun from the policy on or after the day of the gain."""
    read = Message.objects.filter(change=OuterRef("pk"), read_at__isnull=False)
    applications = Application.objects.filter(
        case__enterprise=OuterRef("enterprise"),
        version__code=OuterRef("policy"),
        judged_on__gte=OuterRef("on"),
    )
    approved = Decision.objects.filter(case=OuterRef("case_id"), outcome=Outcome.APPROVE)
    granted = applications.filter(Exists(approved))
    rows = Change.objects.filter(policy=code, told=True).aggregate(
        told=Count("pk"),
        opened=Count("pk", filter=Q(Exists(read))),
        applied=Count("pk", filter=Q(Exists(applications))),
        granted=Count("pk", filter=Q(Exists(granted))),
    )
    return Effect(**rows)
