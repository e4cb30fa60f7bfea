"""Who asked to be erased, and when it was done."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class Erasure(models.Model):
    """``subject`` is ``user:7`` or ``enterprise:3``; refs are actors'. The reason stands in the ledger.

    ``held_until``: the last day of what a law still keeps; the nightly sweep takes it afterwards.
    """

    subject = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=60, blank=True)
    held_until = models.DateField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(subject__regex=r"^(user|enterprise):[0-9]+$"), name="erasure_of_somebody"
            ),
            CheckConstraint(
                condition=Q(done_at=None, done_by="") | (Q(done_at__isnull=False) & ~Q(done_by="")),
                name="erasure_done_by_somebody",
            ),
            UniqueConstraint(fields=["subject"], condition=Q(done_at=None), name="erasure_asked_once"),
        ]
        indexes = [models.Index(fields=["done_at", "id"], name="erasure_done")]

    def __str__(self) -> str:
        return self.subject
