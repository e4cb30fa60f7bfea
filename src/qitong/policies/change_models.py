"""Who can get what today, how that changed, and what still has to be looked at again: the tables.

Imported by :mod:`qitong.policies.models`, which is where Django looks for them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.terms import choices
from qitong.policies.logic.turns import Cause, Kind

_CAUSES = [cause.value for cause in Cause]


class Holding(models.Model):
    """A company that can get a policy, or could once: who never could has no row.

    ``turn`` counts how often that changed; ``holds`` is whether it can as of the last turn.
    """

    enterprise = models.ForeignKey("accounts.Enterprise", models.PROTECT, related_name="+", db_index=False)
    policy = models.CharField(max_length=60)
    holds = models.BooleanField()
    turn = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "enterprise"], name="holding_once"),
            models.CheckConstraint(condition=Q(turn__gte=1), name="holding_has_turned"),
        ]
        indexes = [models.Index(fields=["enterprise"], name="holding_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.policy} {self.turn}"


class Change(models.Model):
    """A company gained a policy or lost it, once for each turn of its :class:`Holding`.

    ``on`` is the day that was judged, ``at`` the moment it was done. ``told``: whether its people were to be
    told; not of what they declared unsuitable, of what they lost, nor of what they could get all along, and
    not when nobody but the giver of the fact acts for the company: they have seen it.
    """

    enterprise = models.ForeignKey("accounts.Enterprise", models.PROTECT, related_name="+", db_index=False)
    policy = models.CharField(max_length=60)
    turn = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=choices(Kind))
    cause = models.CharField(max_length=10, choices=choices(Cause))
    version = models.ForeignKey("policies.PolicyVersion", models.PROTECT, null=True, related_name="changes")
    on = models.DateField()
    at = models.DateTimeField()
    told = models.BooleanField()
    opened_at = models.DateTimeField(null=True)
    """When somebody of the company first went from the message to the policy."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "policy", "turn"], name="change_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in Kind]), name="change_kind_known"),
            models.CheckConstraint(condition=Q(cause__in=_CAUSES), name="change_cause_known"),
            models.CheckConstraint(
                condition=Q(told=False) | (Q(kind=Kind.GAINED.value) & ~Q(cause=Cause.INSTALLED.value)),
                name="change_told_of_gains",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(told=True, opened_at__gte=F("at")),
                name="change_opened_by_who_was_told",
            ),
        ]
        indexes = [models.Index(fields=["policy", "-id"], name="change_of_policy")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.policy} {self.kind}"


class Recheck(models.Model):
    """A policy to be judged again for every company, from the day ``due_on`` on, until it is done.

    Companies are taken in the order of their keys; those up to ``cursor`` are done. A row that is done says
    when; what is due and not yet done is found by its index, however late.
    """

    policy = models.CharField(max_length=60)
    due_on = models.DateField()
    cause = models.CharField(max_length=10, choices=choices(Cause))
    cursor = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "due_on"], condition=Q(done_at=None), name="recheck_waits_once"
            ),
            models.CheckConstraint(condition=Q(cause__in=_CAUSES), name="recheck_cause_known"),
            models.CheckConstraint(condition=Q(cursor__gte=0), name="recheck_cursor_counts"),
        ]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(done_at=None), name="recheck_due")]

    def __str__(self) -> str:
        return f"{self.policy} {self.due_on}"
