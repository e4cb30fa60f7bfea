"""Tables of the spine. Each constraint binds a state to the facts it claims."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.flow import CaseKind, CaseState, TaskState
from qitong.casework.logic.terms import (
    CommitmentState,
    MaterialState,
    Outcome,
    RefusalReason,
    TaskOutcome,
    choices,
)

_AFTER_ACCEPTANCE = [
    CaseState.IN_REVIEW,
    CaseState.AWAITING_DECISION,
    CaseState.APPROVED,
    CaseState.REFUSED,
    CaseState.DELIVERED,
    CaseState.CLOSED,
]
_BEFORE_SUBMISSION = [CaseState.DRAFT, CaseState.WITHDRAWN]


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

    number = models.CharField(max_length=20, unique=True, null=True)
    client_key = models.CharField(max_length=64, unique=True, null=True)
    kind = models.CharField(max_length=12, choices=choices(CaseKind))
    state = models.CharField(max_length=20, choices=choices(CaseState), default=CaseState.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)

    enterprise = models.ForeignKey("accounts.Enterprise", on_delete=models.PROTECT, related_name="cases")
    item_version = models.ForeignKey(
        "catalogue.ItemVersion", on_delete=models.PROTECT, related_name="cases", null=True
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="cases", null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="children", null=True)
    title = models.CharField(max_length=200, blank=True)
    form = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    window = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+", null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_cases", null=True
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

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
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
            models.Index(fields=["fingerprint"], name="case_fingerprint", condition=~Q(fingerprint="")),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def stream(self) -> str:
        return f"case:{self.pk}"


class Participant(models.Model):
    """Somebody who was added to a case. Rows are never removed: transfers add."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="participant_once")]


class Commitment(models.Model):
    """A signed promise to bring named deferrable materials by a date (容缺受理承诺书)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="commitments")
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

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials")
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    klass = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=choices(MaterialState), default=MaterialState.MISSING)
    document = models.ForeignKey("datashare.Document", on_delete=models.PROTECT, related_name="+", null=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="materials", null=True)
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
        ]
        ordering = ["position"]


class Task(models.Model):
    """A step of the case that one department answers for."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    round = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    ask = models.TextField(blank=True)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="tasks")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks", null=True
    )
    state = models.CharField(max_length=10, choices=choices(TaskState), default=TaskState.WAITING)
    after = ArrayField(models.CharField(max_length=60), default=list)
    level = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField()

    enabled_at = models.DateTimeField(null=True)
    counted_from = models.DateField(null=True)
    due_on = models.DateField(null=True)
    claimed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    reroute_due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=choices(TaskOutcome), blank=True)
    opinion = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)
    drop_reason = models.TextField(blank=True)
    next_alarm_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "key"], name="task_once_a_round"),
            models.CheckConstraint(
                name="task_live_has_start_and_due",
                condition=~Q(state__in=[TaskState.ENABLED, TaskState.CLAIMED, TaskState.DONE])
                | Q(enabled_at__isnull=False, counted_from__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="task_claimed_has_assignee",
                condition=~Q(state=TaskState.CLAIMED) | Q(assignee__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="task_done_has_outcome",
                condition=~Q(state=TaskState.DONE) | Q(done_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="task_objection_has_opinion",
                condition=~Q(outcome=TaskOutcome.OBJECT) | ~Q(opinion=""),
            ),
            models.CheckConstraint(
                name="task_returned_has_reason",
                condition=~Q(state=TaskState.RETURNED)
                | Q(returned_at__isnull=False, reroute_due_on__isnull=False) & ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="task_dropped_has_reason",
                condition=~Q(state=TaskState.DROPPED) | Q(dropped_at__isnull=False) & ~Q(drop_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_alarm_at"], name="task_alarm", condition=Q(next_alarm_at__isnull=False)
            ),
            models.Index(fields=["department", "state", "due_on", "id"], name="task_board"),
            models.Index(fields=["assignee", "state", "id"], name="task_of_assignee"),
        ]
        ordering = ["round", "level", "id"]

    @property
    def is_decision(self) -> bool:
        return self.kind == "decision"


class Pause(models.Model):
    """Days that do not count, with the legal reason. Task null: the whole case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="pauses", null=True)
    reason = models.CharField(max_length=30)
    stops_promise = models.BooleanField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    opened_by = models.CharField(max_length=60)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(ends_on__isnull=True), name="pause_one_open_a_task"
            ),
        ]


class Supplement(models.Model):
    """What a department still needs from the company: asked once a task, seen by all."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supplements")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="supplement")
    pause = models.OneToOneField(Pause, on_delete=models.PROTECT, related_name="supplement")
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    documents = models.ManyToManyField("datashare.Document", related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="supplement_has_a_question", condition=~Q(question="")),
            models.CheckConstraint(
                name="supplement_answered_has_answer",
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
            ),
        ]


class Decision(models.Model):
    """The one decision of a round."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=choices(Outcome))
    grounds = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    over_objection = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="decision_once_a_round"),
            models.CheckConstraint(
                name="decision_refusal_has_grounds", condition=Q(outcome=Outcome.APPROVE) | ~Q(grounds="")
            ),
            models.CheckConstraint(
                name="decision_over_objection_has_grounds",
                condition=Q(over_objection=False) | ~Q(grounds=""),
            ),
        ]


class Certificate(models.Model):
    """What was delivered: the record and the file. A trigger refuses it while a material is owed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="certificates")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=40, unique=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    validity = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField()
    document = models.ForeignKey("datashare.Document", on_delete=models.PROTECT, related_name="+")


class Reminder(models.Model):
    """What a sweep did: each kind once a thing and working day (the unique index keeps it)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reminders")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reminders", null=True)
    kind = models.CharField(max_length=30)
    working_day = models.DateField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "task", "kind", "working_day"],
                name="reminder_once_a_working_day",
                nulls_distinct=False,
            )
        ]
