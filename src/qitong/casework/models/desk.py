"""What belongs to an officer's desk: saved filters, phrases, and deeds done to many cases at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower

LONGEST_NAME = 40


class SavedFilter(models.Model):
    """A filter of the inbox under a name; ``query`` is the address ``logic.filters.Filter`` writes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_filters")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.TextField()
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(name=""), name="filter_has_a_name"),
            CheckConstraint(condition=~Q(query=""), name="filter_cuts_something"),
            UniqueConstraint("user", Lower("name"), name="filter_name_once"),
            UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="filter_one_default"),
        ]

    def __str__(self) -> str:
        return self.name


class Phrase(models.Model):
    """A sentence written often: one officer's own, or a department's. ``uses`` says for which texts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="phrases")
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, related_name="phrases")
    name = models.CharField(max_length=LONGEST_NAME)
    text = models.TextField()
    uses = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(user__isnull=False, department=None) | Q(user=None, department__isnull=False),
                name="phrase_belongs_to_one",
            ),
            CheckConstraint(condition=~Q(name="") & ~Q(text=""), name="phrase_says_something"),
            UniqueConstraint(fields=["user", "name"], condition=Q(department=None), name="phrase_name_once"),
            UniqueConstraint(
                fields=["department", "name"], condition=Q(user=None), name="phrase_name_once_a_department"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One deed to many cases or tasks, ordered once: a second click finds the first by its ``key``.

    ``ids`` are those of cases or, for a deed at tasks, of tasks.
    """

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=20)
    ids = ArrayField(models.BigIntegerField())
    given: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    ordered_at = models.DateTimeField()

    class Meta:
        constraints = [CheckConstraint(condition=Q(ids__len__gt=0), name="batch_has_things")]

    def __str__(self) -> str:
        return f"{self.deed} {self.key}"


class BatchLine(models.Model):
    """What came of it for one thing, in the transaction of the deed itself; ``reason`` when not done."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="+")
    task = models.ForeignKey("casework.Task", models.PROTECT, null=True, related_name="+")
    done = models.BooleanField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["batch", "case", "task"], nulls_distinct=False, name="batch_line_once"),
            CheckConstraint(condition=~Q(done=False) | ~Q(reason=""), name="batch_says_why_not"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.done}"
