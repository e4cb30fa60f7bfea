"""What a POST with an ``Idempotency-Key`` was answered, so that a retry is answered the same."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class IdempotencyKey(models.Model):
    """One key of one token on one address. A row without an answer is seen by nobody: it commits
    together with the deed and its answer, or not at all."""

    token = models.CharField(max_length=60)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_idempotency_key"
        constraints = [
            models.UniqueConstraint(fields=["token", "method", "path", "key"], name="idempotency_key_once"),
            models.CheckConstraint(
                name="idempotency_keeps_successes_only",
                condition=Q(status__isnull=True) | Q(status__gte=200, status__lt=300),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token} {self.method} {self.path} {self.key}"
