"""The case itself, the project it may belong to, and who takes part."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case as Choice
from django.db.models import Q, When
from django.db.models.functions import Coalesce

from qitong.casework.logic.flow import OPEN_STATES, CaseKind, CaseState
from qitong.casework.logic.terms import RefusalReason, choices
from qitong.kernel.masking import mask_text
from qitong.kernel.words import Named

_AFTER_ACCEPTANCE = [
    CaseState.IN_REVIEW,
    CaseState.AWAITING_DECISION,
    CaseState.APPROVED,
    CaseState.REFUSED,
    CaseState.DELIVERED,
    CaseState.CLOSED,
]
_BEFORE_SUBMISSION = [CaseState.DRAFT, CaseState.WITHDRAWN]


_IS_OPEN = Q(state__in=sorted(state.value for state in OPEN_STATES))


def due_date() -> Choice:
    """The next date that was promised: the reply before acceptance, the result after it."""
    unaccepted = When(accepted_at=None, then="plan_due_on")
    return Choice(unaccepted, default=Coalesce("promise_due_on", "plan_due_on"))


def _requires(name: str, states: list[CaseState], facts: Q) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=~Q(state__in=states) | facts)


class Project(models.Model):
    """A company's goal and the answers that decide which items lie on the way."""

    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, related_name="projects")
    version = models.ForeignKey("catalogue.CatalogueVersion", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    goal = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(name="project_has_a_name", condition=~Q(name=""))]


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.exclude(
            state__in=[
                CaseState.DRAFT,
                CaseState.DELIVERED,
                CaseState.CLOSED,
                CaseState.REFUSED,
                CaseState.NOT_ACCEPTED,
                CaseState.WITHDRAWN,
                CaseState.ENDED,
            ]
        )


class Case(models.Model):
    """An application for an item or a free request: one life, one owner, one promise."""

    number = models.CharField(max_length=20, null=True)
    client_key = models.CharField(max_length=64, null=True)
    kind = models.CharField(max_length=12, choices=choices(CaseKind))
    state = models.CharField(max_length=20, choices=choices(CaseState), default=CaseState.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)

    enterprise = models.ForeignKey(
        "accounts.Enterprise", on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    item_version = models.ForeignKey(
        "catalogue.ItemVersion", on_delete=models.PROTECT, related_name="cases", null=True
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="cases", null=True, db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, db_index=False
    )
    title = models.CharField(max_length=200, blank=True)
    form = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    submitted_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    window = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="owned_cases",
        null=True,
        db_index=False,
    )
    owner_reason = models.CharField(max_length=30, blank=True)

    contact_due_on = models.DateField(null=True)
    contacted_at = models.DateTimeField(null=True)
    plan_due_on = models.DateField(null=True)
    planned_at = models.DateTimeField(null=True)
    promise_days = models.PositiveSmallIntegerField(null=True)
    promise_unit = models.CharField(max_length=4, blank=True)
    promise_from = models.DateField(null=True)
    promise_due_on = models.DateField(null=True)
    promise_provisional = models.BooleanField(default=False)
    statutory_due_on = models.DateField(null=True)
    extension_days = models.PositiveSmallIntegerField(default=0)
    next_alarm_at = models.DateTimeField(null=True)

    correction_notice = models.TextField(blank=True)
    correction_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    refusal_reason = models.CharField(max_length=40, choices=choices(RefusalReason), blank=True)
    refusal_grounds = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["client_key"], name="case_client_key_once", condition=Q(client_key__isnull=False)
            ),
            models.CheckConstraint(
                name="case_submitted_unless_draft",
                condition=Q(state__in=_BEFORE_SUBMISSION) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_draft_is_not_submitted",
                condition=~Q(state=CaseState.DRAFT) | Q(submitted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_submitted_has_owner_number_dates",
                condition=Q(submitted_at__isnull=True)
                | Q(
                    owner__isnull=False,
                    number__isnull=False,
                    window__isnull=False,
                    received_on__isnull=False,
                    contact_due_on__isnull=False,
                    plan_due_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="case_application_has_item",
                condition=Q(kind=CaseKind.APPLICATION, item_version__isnull=False)
                | Q(kind=CaseKind.REQUEST, item_version__isnull=True),
            ),
            _requires(
                "case_accepted_has_promise",
                _AFTER_ACCEPTANCE,
                Q(
                    accepted_at__isnull=False,
                    promise_from__isnull=False,
                    promise_due_on__isnull=False,
                    promise_days__isnull=False,
                ),
            ),
            _requires(
                "case_correction_has_notice",
                [CaseState.CORRECTION],
                Q(correction_at__isnull=False) & ~Q(correction_notice=""),
            ),
            _requires(
                "case_not_accepted_has_reason",
                [CaseState.NOT_ACCEPTED],
                ~Q(refusal_reason="") & ~Q(refusal_grounds=""),
            ),
            _requires(
                "case_decided_has_moment",
                [CaseState.APPROVED, CaseState.REFUSED],
                Q(decided_at__isnull=False),
            ),
            _requires("case_delivered_has_moment", [CaseState.DELIVERED], Q(delivered_at__isnull=False)),
            _requires("case_closed_has_moment", [CaseState.CLOSED], Q(closed_at__isnull=False)),
            _requires("case_ended_has_reason", [CaseState.ENDED], ~Q(ended_reason="")),
            models.CheckConstraint(name="case_extension_by_law", condition=Q(extension_days__lte=10)),
        ]
        indexes = [
            models.Index(
                fields=["next_alarm_at"], name="case_alarm", condition=Q(next_alarm_at__isnull=False)
            ),
            models.Index(fields=["enterprise", "-id"], name="case_of_enterprise"),
            models.Index(fields=["owner", "state", "-id"], name="case_of_owner"),
            models.Index(fields=["created_at"], name="case_draft", condition=Q(state=CaseState.DRAFT)),
            models.Index(fields=["fingerprint"], name="case_fingerprint", condition=~Q(fingerprint="")),
            # Lists in their order: what is open stays few, however many there ever were.
            models.Index(due_date(), "id", name="case_open_by_due", condition=_IS_OPEN),
            models.Index(fields=["submitted_at", "id"], name="case_open_by_receipt", condition=_IS_OPEN),
            models.Index(
                fields=["submitted_at", "id"],
                name="case_by_receipt",
                condition=Q(submitted_at__isnull=False),
            ),
            # What most cases have not is in no index: each entry is written anew with every alarm.
            models.Index(fields=["project"], name="case_of_project", condition=Q(project__isnull=False)),
            models.Index(fields=["parent"], name="case_of_parent", condition=Q(parent__isnull=False)),
            # Which items somebody sees, asked of each item.
            models.Index(fields=["window", "item_version"], name="case_item_of_window"),
            models.Index(fields=["owner", "item_version"], name="case_item_of_owner"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def stream(self) -> str:
        return f"case:{self.pk}"

    @property
    def label(self) -> Named | str:
        """The item's name in the reader's language; a request's title without the numbers in it."""
        return self.item_version.label if self.item_version else mask_text(self.title)

    @property
    def own_label(self) -> Named | str:
        """The same for the company itself: the title as it was written."""
        return self.item_version.label if self.item_version else self.title


class Participant(models.Model):
    """Somebody who was added to a case. Rows are never removed: transfers add.

    ``handed_over_at``: a colleague took over when they left; that they took part stays on record.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    reason = models.TextField()
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="participant_once")]
