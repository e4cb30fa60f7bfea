"""What was taken out of the platform as a table."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class ExportState(models.TextChoices):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


class Export(models.Model):
    """A list somebody took out as a table. ``query`` is the filter's address, ``ids`` the chosen cases.

    The file lies in the store of documents under ``sha256`` until it is cleared away.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    query = models.TextField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ExportState.WAITING) | Q(ended_at=None, sha256=""),
                name="export_waiting_has_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | (Q(ended_at__isnull=False, rows__isnull=False, size__gt=0) & ~Q(sha256="")),
                name="export_ready_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.FAILED) | ~Q(reason=""), name="export_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="export_of_user"),
            models.Index(
                fields=["ended_at"],
                name="export_to_clear",
                condition=~Q(state=ExportState.DELETED, sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"export:{self.pk}"
