"""What a draft would bring about, counted before it is published: the tables.

Imported by :mod:`qitong.policies.models`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qitong.casework.logic.terms import choices
from qitong.policies.logic.turns import Kind


class Count(models.Model):
    """The consequences of one content of a draft, as of a day and of the facts known then.

    Companies are taken in the order of their keys; those up to ``cursor`` are counted. Costs are what all who
    meet the rules would get in a year, in 分; ``unpriced`` of the after ones lack a fact to tell.
    """

    draft = models.ForeignKey("policies.PolicyVersion", models.CASCADE, related_name="counts")
    content_hash = models.CharField(max_length=64)
    on = models.DateField()
    facts_upto = models.BigIntegerField()
    asked_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    gained = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    cost_before = models.BigIntegerField(default=0)
    cost_after = models.BigIntegerField(default=0)
    unpriced = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "content_hash", "on", "facts_upto"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.on}"


class Affected(models.Model):
    """A company that a draft would let gain or lose; ``yearly`` is what it is about in a year, in 分."""

    count = models.ForeignKey(Count, models.CASCADE, related_name="affected", db_index=False)
    enterprise = models.ForeignKey("accounts.Enterprise", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=choices(Kind))
    yearly = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "enterprise"], name="affected_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in Kind]), name="affected_kind_known"),
        ]
        indexes = [models.Index(fields=["count", "kind", "id"], name="affected_of_kind")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind}"
