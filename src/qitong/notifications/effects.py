"""What came of telling companies of a policy: how many opened it, applied, were granted it.

A company counts once for each gain it was told of, however many of its people read of it, whatever they sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from qitong.casework.logic.terms import Outcome
from qitong.casework.models import Decision
from qitong.policies.change_models import Change
from qitong.policies.models import Application


@dataclass(frozen=True, slots=True)
class Effect:
    told: int
    opened: int
    applied: int
    granted: int


def of_policy(code: str) -> Effect:
    """One query.

    Opened: somebody went from the message to the policy. Applied: a case begun from the policy was handed in
    after they were told, and before they were told the next time. Granted: its last decision approves.
    """
    told_again = Change.objects.filter(
        enterprise=OuterRef("case__enterprise"),
        policy=OuterRef("version__code"),
        told=True,
        at__gt=OuterRef(OuterRef("at")),
        at__lte=OuterRef("case__submitted_at"),
    )
    applied = Application.objects.filter(
        ~Exists(told_again),
        case__enterprise=OuterRef("enterprise"),
        version__code=OuterRef("policy"),
        case__submitted_at__gte=OuterRef("at"),
    )
    later = Decision.objects.filter(case=OuterRef("case"), round__gt=OuterRef("round"))
    approved = Decision.objects.filter(~Exists(later), case=OuterRef("case_id"), outcome=Outcome.APPROVE)
    rows = Change.objects.filter(policy=code, told=True).aggregate(
        told=Count("pk"),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        applied=Count("pk", filter=Q(Exists(applied))),
        granted=Count("pk", filter=Q(Exists(applied.filter(Exists(approved))))),
    )
    return Effect(**rows)
