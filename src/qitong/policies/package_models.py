"""Service packages, what companies do not want, and how companies are counted: the tables.

Imported by :mod:`qitong.policies.models`, which is where Django looks for them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qitong.casework.logic.terms import choices
from qitong.policies.logic.package import OPEN_STAGES, Answer, Stage, Thing, Why
from qitong.policies.logic.terms import Reason

_OPEN = sorted(stage.value for stage in OPEN_STAGES)
_NOT_SENT = Q(sent_at=None, sent_by=None, opened_at=None, opened_by=None)
_SENT = Q(sent_at__isnull=False, sent_by__isnull=False)
_OPENED = Q(opened_at__isnull=False, opened_by__isnull=False)
_UNOPENED = Q(opened_at=None, opened_by=None)


class ServicePackage(models.Model):
    """What is proposed to one company by one officer; there is one at a time.

    ``bundle`` is the package of the sector and size it was begun from, ``industry`` and ``size`` what was
    known of the company then (empty: unknown). ``proposed_by`` is who, as in the ledger: the program has no
    row of its own. ``note`` is a sentence of the officer's.
    """

    enterprise = models.ForeignKey("accounts.Enterprise", models.PROTECT, related_name="service_packages")
    stage = models.CharField(max_length=10, choices=choices(Stage), default=Stage.PROPOSED.value)
    bundle = models.CharField(max_length=60, blank=True)
    industry = models.CharField(max_length=10, blank=True)
    size = models.CharField(max_length=10, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_packages")
    officer_reason = models.CharField(max_length=30)
    note = models.CharField(max_length=300, blank=True)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(stage__in=_OPEN), name="package_open_once"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="package_stage_known"
            ),
            models.CheckConstraint(
                condition=(Q(stage=Stage.PROPOSED.value, ended_at=None) & _NOT_SENT)
                | (Q(stage=Stage.SENT.value, ended_at=None) & _SENT & _UNOPENED)
                | (Q(stage=Stage.OPENED.value, ended_at=None) & _SENT & _OPENED)
                | (Q(stage=Stage.SETTLED.value, ended_at__isnull=False) & _SENT & _OPENED)
                | Q(stage=Stage.WITHDRAWN.value, ended_at__isnull=False),
                name="package_stage_binds_its_facts",
            ),
            models.CheckConstraint(condition=~Q(officer_reason=""), name="package_officer_by_a_rule"),
            models.CheckConstraint(condition=~Q(proposed_by=""), name="package_proposed_by_somebody"),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-id"], name="package_of_enterprise"),
            models.Index(fields=["stage", "-id"], name="package_of_stage"),
            models.Index(fields=["officer", "id"], condition=Q(stage__in=_OPEN), name="package_of_officer"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="package_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.stage}"

    @property
    def is_with_company(self) -> bool:
        return self.stage in (Stage.SENT, Stage.OPENED)


class PackageLine(models.Model):
    """One thing that is proposed, why, and what the company said to it.

    That nothing is proposed which the company declared unsuitable is a trigger of the migrations.
    """

    package = models.ForeignKey(ServicePackage, models.CASCADE, related_name="lines", db_index=False)
    thing = models.CharField(max_length=10, choices=choices(Thing))
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=10, choices=choices(Why))
    detail = models.JSONField(default=dict)
    answer = models.CharField(max_length=10, choices=choices(Answer), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "thing", "code"], name="package_line_once"),
            models.CheckConstraint(
                condition=Q(thing__in=[t.value for t in Thing]), name="package_line_thing_known"
            ),
            models.CheckConstraint(
                condition=Q(why__in=[w.value for w in Why]), name="package_line_why_known"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None, case=None)
                | Q(answer=Answer.ACCEPTED.value, answered_by__isnull=False, answered_at__isnull=False)
                | Q(
                    answer=Answer.UNSUITABLE.value,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    case=None,
                ),
                name="package_line_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.thing} {self.code}"


class Unsuitable(models.Model):
    """A company declared a policy or an item unsuitable: not proposed again until this is taken back."""

    enterprise = models.ForeignKey("accounts.Enterprise", models.PROTECT, related_name="unsuitable")
    thing = models.CharField(max_length=10, choices=choices(Thing))
    code = models.CharField(max_length=60)
    reason = models.CharField(max_length=20, choices=choices(Reason))
    note = models.CharField(max_length=300, blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "thing", "code"],
                condition=Q(taken_back_at=None),
                name="unsuitable_once",
            ),
            models.CheckConstraint(
                condition=Q(thing__in=[t.value for t in Thing]), name="unsuitable_thing_known"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="unsuitable_names_something"),
            models.CheckConstraint(
                condition=Q(reason__in=[r.value for r in Reason]), name="unsuitable_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="unsuitable_taken_back_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.thing} {self.code}"


class CompanyClass(models.Model):
    """Sector and size under which a company was last counted; ``division`` has two digits, empty is unknown.

    ``considered_at``: when the program last looked whether there is a package to propose.
    """

    enterprise = models.OneToOneField(
        "accounts.Enterprise", models.PROTECT, primary_key=True, related_name="counted_as"
    )
    division = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=10, blank=True)
    counted_at = models.DateTimeField()
    considered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["considered_at", "enterprise"], condition=~Q(division=""), name="class_considered"
            ),
            models.Index(fields=["division", "size", "enterprise"], name="class_by_sector"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.division} {self.size}"


class PeerUse(models.Model):
    """How many companies of a division and size have used an item; of no item: how many there are.

    An empty ``size`` stands for all sizes, an empty ``division`` too for all companies. Counted every night.
    """

    division = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=10, blank=True)
    item = models.CharField(max_length=60, blank=True)
    companies = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "size", "item"], name="peers_counted_once"),
            models.CheckConstraint(condition=Q(companies__gte=1), name="peers_are_some"),
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.size} {self.item} {self.companies}"
