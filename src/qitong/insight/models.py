"""Facts of each case and task, what they add up to, and the links to the wall.

Facts and sums follow from ``casework``: they hold nothing that could not be recounted (``facts.py``).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qitong.insight.export_rows import Export, ExportState
from qitong.insight.logic.terms import Kind, Standing

__all__ = ["Export", "ExportState", "Fact", "Tally", "WallLink"]

_KINDS = sorted(kind.value for kind in Kind)
_STANDINGS = sorted(standing.value for standing in Standing)
_IN, _OPEN, _CLOSED = "in", Standing.OPEN.value, Standing.CLOSED.value
_SUM_OF_DAYS = F("company") + F("law") + F("queue") + F("work")


class Fact(models.Model):
    """One case, or one of its tasks, as it is measured. ``department`` leads the case or has the task."""

    kind = models.CharField(max_length=4)
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    task = models.OneToOneField("casework.Task", on_delete=models.CASCADE, related_name="+", null=True)
    window = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=60, blank=True)
    received_on = models.DateField()
    standing = models.CharField(max_length=6)
    deadline = models.DateField(null=True)
    warn_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    on_time = models.BooleanField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    company = models.PositiveSmallIntegerField(default=0)
    law = models.PositiveSmallIntegerField(default=0)
    queue = models.PositiveSmallIntegerField(default=0)
    work = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fact_of_a_case_or_a_task",
                condition=Q(kind=Kind.CASE.value, task__isnull=True)
                | Q(kind=Kind.TASK.value, task__isnull=False),
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(task=None), name="fact_once_a_case"),
            models.CheckConstraint(name="fact_standing_known", condition=Q(standing__in=_STANDINGS)),
            models.CheckConstraint(
                name="fact_ended_unless_open", condition=Q(standing=_OPEN) ^ Q(ended_on__isnull=False)
            ),
            models.CheckConstraint(
                name="fact_closed_is_measured",
                condition=~Q(standing=_CLOSED)
                | Q(on_time__isnull=False, days__isnull=False, days=_SUM_OF_DAYS),
            ),
            models.CheckConstraint(
                name="fact_warns_before_deadline",
                condition=Q(deadline=None, warn_on=None)
                | Q(standing=_OPEN, warn_on__isnull=False, warn_on__lte=F("deadline")),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "deadline", "id"], name="fact_due", condition=Q(standing=_OPEN)),
            models.Index(fields=["kind", "standing", "ended_on", "id"], name="fact_ended"),
            models.Index(fields=["kind", "received_on", "id"], name="fact_received"),
            models.Index(fields=["department", "kind", "standing", "id"], name="fact_of_department"),
        ]


class Tally(models.Model):
    """How many facts are alike. Each fact is counted twice: as received, and as it stands now.

    ``day`` is the deadline of what is open (NULL while it is paused), else the first of the month. The
    sums of days are over all that are counted. Kept in the transaction that keeps the facts.
    """

    kind = models.CharField(max_length=4)
    what = models.CharField(max_length=6)
    window = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=60, blank=True)
    day = models.DateField(null=True)
    on_time = models.BooleanField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    count = models.IntegerField()
    company = models.IntegerField()
    law = models.IntegerField()
    queue = models.IntegerField()
    work = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tally_kind_known", condition=Q(kind__in=_KINDS)),
            models.CheckConstraint(name="tally_what_known", condition=Q(what__in=[_IN, *_STANDINGS])),
            models.UniqueConstraint(
                fields=["kind", "what", "day", "window", "department", "item", "on_time", "days"],
                nulls_distinct=False,
                name="tally_once",
            ),
        ]
        indexes = [models.Index(fields=["department", "kind", "what", "day"], name="tally_of_department")]


class WallLink(models.Model):
    """A link to the wall page of one jurisdiction: read without signing in, figures only.

    Only the digest of its secret is kept; the link itself is shown once.
    """

    name = models.CharField(max_length=100)
    jurisdiction = models.ForeignKey("accounts.Jurisdiction", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_opened_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="wall_link_is_named", condition=~Q(name="")),
            models.CheckConstraint(name="wall_link_expires", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return self.name
