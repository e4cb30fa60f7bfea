"""What is coming, and when it has to be looked at: the tables. Imported by :mod:`qitong.policies.models`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.terms import choices
from qitong.policies.logic.calling import Call as CallKind
from qitong.policies.logic.coming import Sort


class Lapse(models.Model):
    """The next day on which a fact of a company says something else although nobody says anything.

    One for each fact: it is written with the fact and moved on by whoever has looked at it. What is due and
    not yet done is what its index finds up to today.
    """

    enterprise = models.ForeignKey("accounts.Enterprise", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="lapse_once")]
        indexes = [models.Index(fields=["due_on", "id"], name="lapse_due")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.name} {self.due_on}"


class Outlook(models.Model):
    """A count of all companies for what comes in one quarter. The newest that is done is shown.

    ``contents`` names what is counted, so that it is counted anew when that changes. Companies are taken in
    the order of their keys; those up to ``cursor`` are counted. ``judged`` are those of which something is
    known, ``registered`` all there were when it was begun; their facts are those of ``facts_on``.
    """

    quarter = models.CharField(max_length=6)
    contents = models.CharField(max_length=64)
    facts_on = models.DateField()
    asked_at = models.DateTimeField()
    registered = models.PositiveIntegerField()
    cursor = models.BigIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quarter"], condition=Q(done_at=None), name="outlook_counted_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(quarter__regex=r"^[0-9]{4}Q[1-4]$"), name="outlook_quarter"),
            models.CheckConstraint(condition=Q(cursor__gte=0), name="outlook_cursor_counts"),
        ]
        indexes = [models.Index(fields=["quarter", "-id"], name="outlook_of_quarter")]

    def __str__(self) -> str:
        return f"{self.quarter} {self.asked_at}"


class Estimate(models.Model):
    """How many companies one thing that comes would be for, judged as of ``judged_on``.

    ``missing``: for each fact, of how many it is one that could settle it. ``near``: one condition off.
    ``mark``: by what they were judged, the key of a version or the hash of a draft.
    """

    outlook = models.ForeignKey(Outlook, models.CASCADE, related_name="estimates", db_index=False)
    policy = models.CharField(max_length=60)
    sort = models.CharField(max_length=10, choices=choices(Sort))
    first = models.DateField()
    mark = models.CharField(max_length=64)
    judged_on = models.DateField()
    eligible = models.PositiveIntegerField(default=0)
    manual = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    near = models.PositiveIntegerField(default=0)
    missing: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlook", "policy", "sort", "first"], name="estimated_once"),
            models.CheckConstraint(condition=Q(sort__in=[s.value for s in Sort]), name="estimate_sort_known"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.sort} {self.first}"


class Call(models.Model):
    """A window that companies are told of, when it opens or before it closes, until all were gone through.

    Companies are taken in the order of their keys; those up to ``cursor`` are done.
    """

    policy = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=choices(CallKind))
    opens = models.DateField()
    due_on = models.DateField()
    cursor = models.BigIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind", "opens"], name="called_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in CallKind]), name="call_kind_known"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens")), name="call_within_its_window"),
            models.CheckConstraint(condition=Q(cursor__gte=0), name="call_cursor_counts"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="call_waits")]

    def __str__(self) -> str:
        return f"{self.policy} {self.kind} {self.opens}"


class Notice(models.Model):
    """A company was told of a window: once when it opened, once before it closes."""

    enterprise = models.ForeignKey("accounts.Enterprise", models.PROTECT, related_name="+", db_index=False)
    policy = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=choices(CallKind))
    opens = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "policy", "kind", "opens"], name="noticed_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in CallKind]), name="notice_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.policy} {self.kind}"
