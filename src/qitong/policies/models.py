"""Policies in dated versions, what companies said of themselves, and what came of it.

A published version never changes, and neither does a fact that was given: triggers of the migrations refuse
it. A change is a new version, a new answer a new row; the newest counts.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.terms import choices
from qitong.kernel.words import Named
from qitong.policies.change_models import Change, Holding, Recheck
from qitong.policies.consequence_models import Affected, Count
from qitong.policies.foresight_models import Call, Estimate, Lapse, Notice, Outlook
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.terms import Sort, Source, Stage
from qitong.policies.package_models import (
    CompanyClass,
    PackageLine,
    PeerUse,
    ServicePackage,
    Unsuitable,
)
from qitong.policies.unfinished_models import Unfinished

__all__ = [
    "Affected",
    "Application",
    "Call",
    "Change",
    "CompanyClass",
    "CompanyFact",
    "Count",
    "Estimate",
    "Holding",
    "Lapse",
    "Notice",
    "Outlook",
    "PackageLine",
    "PeerUse",
    "PolicyVersion",
    "Recheck",
    "ServicePackage",
    "Unfinished",
    "Unsuitable",
]


class PolicyVersion(models.Model):
    """A policy (or the table of company sizes) as it stood from ``effective_on`` until its next version.

    ``data`` is canonical (``Policy.canonical()``, ``SizeFile.canonical()``). ``author`` and ``publisher`` are
    empty for the system, whose name stands in ``authored_by`` and ``published_by``, as in the ledger.
    """

    code = models.CharField(max_length=60)
    sort = models.CharField(max_length=10, choices=choices(Sort), default=Sort.POLICY.value)
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=10, choices=choices(Stage), default=Stage.DRAFT.value)
    data = models.JSONField()
    content_hash = models.CharField(max_length=64)
    effective_on = models.DateField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    authored_by = models.CharField(max_length=60)
    authored_at = models.DateTimeField()
    publisher = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_by = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(null=True)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """The version a draft was begun from: it is published only while that is the newest."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="policy_version_numbered_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(stage=Stage.DRAFT.value), name="policy_drafted_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_from_one"),
            models.CheckConstraint(condition=Q(sort__in=[s.value for s in Sort]), name="policy_sort_known"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="policy_code_shape"),
            models.CheckConstraint(
                condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="policy_hash_is_one"
            ),
            models.CheckConstraint(condition=~Q(authored_by=""), name="policy_has_an_author"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT.value, published_at=None, published_by="", publisher=None)
                | (
                    Q(stage=Stage.PUBLISHED.value, published_at__isnull=False, effective_on__isnull=False)
                    & ~Q(published_by="")
                ),
                name="policy_published_binds_its_facts",
            ),
            models.CheckConstraint(
                condition=Q(publisher=None) | Q(author=None) | ~Q(publisher=F("author")),
                name="policy_published_by_another",
            ),
            models.CheckConstraint(
                condition=Q(publisher__isnull=False)
                | Q(published_by="")
                | Q(published_by__startswith="system:"),
                name="policy_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(authored_by__startswith="system:"),
                name="policy_written_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["code", "-effective_on", "-number"],
                condition=Q(stage=Stage.PUBLISHED.value),
                name="policy_version_of_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def label(self) -> Named:
        name: dict[str, Any] = self.data["name"]
        return Named(name["zh"], name["en"])


class CompanyFact(models.Model):
    """What was said of a company: the newest of a name and year counts, the older ones are history.

    ``value`` is exact, in ``unit`` (a key of ``logic.units.UNITS``): a whole number, a decimal as text, true
    or false, a date as text, a code, a list of codes. Nothing (NULL) is "we do not know", an answer too.
    ``year`` is the last year spoken of, empty for facts of the day; ``as_of`` the day the value is from.
    ``department``: the code of who shared it; empty of what was shared before that was kept.
    """

    enterprise = models.ForeignKey(
        "accounts.Enterprise", models.PROTECT, related_name="policy_facts", db_index=False
    )
    name = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(null=True)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=10)
    source = models.CharField(max_length=10, choices=choices(Source))
    consent = models.ForeignKey("datashare.Consent", models.PROTECT, null=True, related_name="+")
    department = models.CharField(max_length=20, db_default="", default="")
    as_of = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=[s.value for s in Source]), name="fact_source_known"
            ),
            models.CheckConstraint(condition=Q(name__regex=r"^[a-z][a-z0-9_]*$"), name="fact_name_shape"),
            models.CheckConstraint(
                condition=Q(source=Source.SHARED.value, consent__isnull=False)
                | (~Q(source=Source.SHARED.value) & Q(consent=None)),
                name="fact_shared_under_consent",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.SHARED.value) | Q(department=""), name="fact_shared_by_department"
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.ANSWER.value) | Q(given_by__isnull=False),
                name="fact_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "name", "year", "-given_at", "-id"], name="fact_newest"),
            models.Index(fields=["given_at"], name="fact_kept_since"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.name}"


class Application(models.Model):
    """The case that was opened from a policy, and the version of the policy it came from.

    ``outcome`` is what the rules said on ``judged_on``: a pre-assessment, the department decides.
    """

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, related_name="from_policy")
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="applications")
    outcome = models.CharField(max_length=20, choices=choices(Outcome))
    judged_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]), name="application_outcome_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.version_id}"
