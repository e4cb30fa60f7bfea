"""Sheets put by before they are whole: the table. Imported by :mod:`qitong.policies.models`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Unfinished(models.Model):
    """What an author typed into the sheet of a policy and has not saved yet; one for each author and policy.

    ``typed`` is as the sheet sends it, judged by nobody: lists and mappings of texts. ``code`` is that of the
    draft, or of the policy that there is not yet (``fresh``).
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    fresh = models.BooleanField()
    typed = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "code", "fresh"], name="unfinished_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="unfinished_code_shape"
            ),
        ]
        indexes = [models.Index(fields=["code"], name="unfinished_of_policy")]

    def __str__(self) -> str:
        return f"{self.author_id} {self.code}"
