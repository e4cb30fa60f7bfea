"""The steps of a case, their pauses, supplements and reminders, and the decision they lead to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.flow import TaskState
from qitong.casework.logic.terms import Outcome, TaskOutcome, choices
from qitong.kernel.words import Named


class Task(models.Model):
    """A step of the case that one department answers for."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="tasks", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    ask = models.TextField(blank=True)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks", null=True, db_index=False
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
            # Which items somebody sees: by their own tasks elsewhere, by what was given to a department.
            models.Index(fields=["assignee", "department"], name="task_of_assignee_where"),
            models.Index(fields=["department", "case"], name="task_rerouted", condition=~Q(return_reason="")),
            # Whether somebody works on a case is asked of each case of a list.
            models.Index(fields=["case", "department", "assignee"], name="task_hands"),
        ]
        ordering = ["round", "level", "id"]

    @property
    def label(self) -> Named:
        return Named(self.name_zh, self.name_en)

    @property
    def is_decision(self) -> bool:
        return self.kind == "decision"


class Pause(models.Model):
    """Days that do not count, with the legal reason. Task null: the whole case."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="pauses")
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

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="supplements")
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

    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
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


class Reminder(models.Model):
    """What a sweep did: each kind once a thing and working day (the unique index keeps it)."""

    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="reminders", null=True, db_index=False
    )
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
