"""Materials, the commitments that let some follow later, and what is delivered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.terms import CommitmentState, MaterialState, choices


class Commitment(models.Model):
    """A signed promise to bring named deferrable materials by a date (容缺受理承诺书)."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="commitments")
    state = models.CharField(max_length=10, choices=choices(CommitmentState), default=CommitmentState.OPEN)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=60)
    signed_at = models.DateTimeField()
    due_on = models.DateField()
    limit_on = models.DateField()
    document = models.ForeignKey("datashare.Document", on_delete=models.PROTECT, related_name="+")
    fulfilled_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    next_alarm_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="commitment_due_within_the_limit", condition=Q(due_on__lte=F("limit_on"))
            ),
            models.CheckConstraint(
                name="commitment_state_has_moment",
                condition=Q(state=CommitmentState.OPEN, fulfilled_at__isnull=True, missed_at__isnull=True)
                | Q(state=CommitmentState.FULFILLED, fulfilled_at__isnull=False)
                | Q(state=CommitmentState.MISSED, missed_at__isnull=False)
                | Q(state=CommitmentState.VOID),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=CommitmentState.OPEN), name="commitment_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_alarm_at"], name="commitment_alarm", condition=Q(next_alarm_at__isnull=False)
            )
        ]


class CaseMaterial(models.Model):
    """One material of one case.

    ``(item_version, key, klass)`` is also a foreign key onto the published catalogue (see the
    migration), so the class cannot be rewritten here to make a red line deferrable.
    """

    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, related_name="materials", db_index=False
    )
    item_version = models.ForeignKey(
        "catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=60)
    klass = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=choices(MaterialState), default=MaterialState.MISSING)
    document = models.ForeignKey("datashare.Document", on_delete=models.PROTECT, related_name="+", null=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="materials", null=True)
    consent = models.ForeignKey("datashare.Consent", on_delete=models.PROTECT, related_name="+", null=True)
    provided_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="material_once_a_case"),
            models.CheckConstraint(
                name="material_red_line_and_core_never_deferred",
                condition=(~Q(state=MaterialState.DEFERRED) & Q(commitment__isnull=True))
                | Q(klass="deferrable"),
            ),
            models.CheckConstraint(
                name="material_deferred_has_commitment",
                condition=~Q(state=MaterialState.DEFERRED) | Q(commitment__isnull=False),
            ),
            models.CheckConstraint(
                name="material_provided_has_document",
                condition=~Q(state__in=[MaterialState.PROVIDED, MaterialState.VERIFIED])
                | Q(document__isnull=False, provided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="material_verified_has_moment",
                condition=~Q(state=MaterialState.VERIFIED) | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="material_rejected_has_remark",
                condition=~Q(state=MaterialState.REJECTED) | ~Q(remark=""),
            ),
            models.CheckConstraint(
                name="material_consent_only_where_shared",
                condition=Q(consent__isnull=True) | Q(source="shared"),
            ),
        ]
        ordering = ["position"]

    @property
    def is_authorised(self) -> bool:
        """Whether the company lets the department share it; a consent revoked anywhere counts no more."""
        return self.consent is not None and self.consent.revoked_at is None


class Certificate(models.Model):
    """What was delivered: the record and the file. A trigger refuses it while a material is owed."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="certificates")
    decision = models.OneToOneField("casework.Decision", on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=40, unique=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    validity = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField()
    document = models.ForeignKey("datashare.Document", on_delete=models.PROTECT, related_name="+")
