"""What ran at night, so that a missed night is made up for; what search and figures have not read."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from qitong.casework.models import Case


class NightlyRun(models.Model):
    """One task of one night (``day``, Asia/Shanghai). Unfinished: it is tried again until it is.

    ``well`` says whether what was looked at is in order; ``detail`` is what was found, and
    ``found`` how many things were not as they should be.
    """

    name = models.CharField(max_length=40)
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    well = models.BooleanField(null=True)
    detail = models.TextField(blank=True)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["name", "day"], name="nightly_once_a_day"),
            CheckConstraint(
                condition=Q(finished_at=None, well=None) | Q(finished_at__isnull=False, well__isnull=False),
                name="nightly_finished_has_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class Trouble(models.Model):
    """A job that did not end well. ``stalls``: how often its worker died while doing it; ``error``: what its
    last try raised. Without a foreign key: the job is procrastinate's, and may be gone first."""

    job = models.BigIntegerField(primary_key=True)
    stalls = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"job {self.job}"


class Stale(models.Model):
    """A case that moved: search (``words``) or the ``figures`` have not read it since. See ``stale.py``."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    words = models.BooleanField()
    figures = models.BooleanField()

    class Meta:
        constraints = [CheckConstraint(condition=Q(words=True) | Q(figures=True), name="stale_in_something")]

    def __str__(self) -> str:
        return f"case:{self.case_id}"
