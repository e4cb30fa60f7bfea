"""Documents and the consents under which departments may share them."""

from __future__ import annotations

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Origin(models.TextChoices):
    """Where a document came from."""

    UPLOADED = "uploaded", pgettext_lazy("origin", "上传")
    GENERATED = "generated", _("系统生成")
    CERTIFICATE = "certificate", _("证照")
    FETCHED = "fetched", _("部门共享")


class Scan(models.TextChoices):
    """What is known of viruses; only PENDING and INFECTED keep a document from being opened."""

    NOT_CONFIGURED = "not_configured", _("未配置查毒")
    NOT_NEEDED = "not_needed", _("无需查毒")
    PENDING = "pending", _("等待查毒")
    CLEAN = "clean", _("未发现病毒")
    INFECTED = "infected", _("发现病毒")


OWN_WORK = (Origin.GENERATED, Origin.CERTIFICATE)
QUARANTINED = (Scan.PENDING, Scan.INFECTED)


class Consent(models.Model):
    """An enterprise lets named departments share what they hold about it, for one purpose."""

    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, related_name="consents")
    purpose = models.TextField()
    department_codes = ArrayField(models.CharField(max_length=64))
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    revoked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="consent_says_what_for", condition=~Q(purpose="")),
            models.CheckConstraint(
                name="consent_names_departments", condition=Q(department_codes__len__gt=0)
            ),
            models.CheckConstraint(
                name="consent_revocation_is_whole",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_at__gte=F("given_at"), revoked_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "-given_at"], name="consent_of_enterprise")]

    def __str__(self) -> str:
        return f"consent:{self.pk}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def usable(self) -> Self:
        """Not withdrawn, not quarantined, and, when fetched, under a consent that still holds."""
        return self.filter(withdrawn_at=None, consent__revoked_at=None).exclude(scan__in=QUARANTINED)


class Document(models.Model):
    """One file of one enterprise. The bytes lie in the store under ``sha256``; this row never changes
    but for the scan, the withdrawal and the erasure, after which bytes and name are gone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, related_name="documents")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=100, blank=True, help_text="material key; empty: not for reuse")
    origin = models.CharField(max_length=12, choices=Origin.choices)
    source = models.CharField(max_length=64, blank=True, help_text="department code, when fetched")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="documents")
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    scan = models.CharField(max_length=16, choices=Scan.choices)
    scanned_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=200, blank=True, help_text="the scanner's name of the virus")
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="document_sha256_is_one", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="document_is_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(name="document_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="document_origin_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(
                name="document_uploaded_by_someone",
                condition=~Q(origin=Origin.UPLOADED) | Q(uploaded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="document_fetched_under_consent",
                condition=(Q(origin=Origin.FETCHED, consent__isnull=False) & ~Q(source=""))
                | (~Q(origin=Origin.FETCHED) & Q(consent=None, source="")),
            ),
            models.CheckConstraint(
                name="document_scan_binds_its_facts",
                condition=Q(scan=Scan.NOT_NEEDED, origin__in=OWN_WORK, scanned_at=None, finding="")
                | Q(scan__in=(Scan.NOT_CONFIGURED, Scan.PENDING), scanned_at=None, finding="")
                | Q(scan=Scan.CLEAN, scanned_at__isnull=False, finding="")
                | (Q(scan=Scan.INFECTED, scanned_at__isnull=False) & ~Q(finding="")),
            ),
            models.CheckConstraint(
                name="document_erased_is_withdrawn",
                condition=Q(erased_at=None) | Q(withdrawn_at__isnull=False),
            ),
            # A retry finds what the first try stored; a withdrawn file may be handed in again. Under another
            # name the same bytes are another document: everybody reads the name they gave.
            models.UniqueConstraint(
                name="document_stored_once",
                fields=["enterprise", "key", "sha256", "name", "origin", "source", "consent"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "key", "-uploaded_at"], name="document_newest_of_key"),
            models.Index(fields=["uploaded_at"], condition=Q(scan="pending"), name="document_awaiting_scan"),
            models.Index(fields=["id"], condition=Q(scan="infected"), name="document_infected"),
        ]

    def __str__(self) -> str:
        return f"document:{self.pk}"
