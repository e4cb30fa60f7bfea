"""What is told to whom, and how it is brought to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from qitong.kernel.words import Sentence, say
from qitong.notifications.logic.wishes import CHOSEN, Group, Wishes
from qitong.notifications.packing import unpack


class Channel(models.TextChoices):
    """Ways to reach somebody; each but the app itself has an adapter in ``channels/``."""

    INAPP = "inapp"
    CONSOLE = "console"
    MAIL = "mail"
    SMS = "sms"


class State(models.TextChoices):
    """``obsolete``: what it reminds of was done before it was sent, so it was not sent."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    OBSOLETE = "obsolete"


# Plain strings: a migration must not change its meaning when the code does.
_GROUPS = [group.value for group in CHOSEN]
WAITING = (State.PENDING, State.FAILED)


class Preferences(models.Model):
    """What somebody chose to get by mail and SMS, and when not; without a row, the usual (``USUAL``)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notification_preferences"
    )
    mail = ArrayField(models.CharField(max_length=20))
    sms = ArrayField(models.CharField(max_length=20))
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(mail__contained_by=_GROUPS, sms__contained_by=_GROUPS),
                name="preferences_groups_known",
            ),
            CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="preferences_quiet_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"preferences of user:{self.user_id}"

    @property
    def wishes(self) -> Wishes:
        return Wishes(
            mail=frozenset(map(Group, self.mail)),
            sms=frozenset(map(Group, self.sms)),
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
        )


class Message(models.Model):
    """One sentence for one person: who does what by when.

    ``at`` is the moment of the fact, ``created_at`` that of the message; ``text`` with ``params`` is
    the sentence (see :mod:`packing`); ``dedupe`` makes a fact that is told twice one message.
    ``address``: where it goes instead of where the reader is reached now, as their former address is told.
    ``code``: a login code goes to the code's address, and its digits are put in only while it is sent.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", db_index=False
    )
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey("casework.Task", models.PROTECT, null=True, related_name="+")
    change = models.ForeignKey("policies.Change", models.PROTECT, null=True, related_name="messages")
    notice = models.ForeignKey("policies.Notice", models.PROTECT, null=True, related_name="messages")
    code = models.OneToOneField("accounts.LoginCode", models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=100, blank=True, default="", db_default="")
    kind = models.CharField(max_length=60)
    group = models.CharField(max_length=20, default=Group.PROGRESS.value)
    text = models.TextField()
    params: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    at = models.DateTimeField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    dedupe = models.CharField(max_length=120)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            CheckConstraint(condition=~Q(dedupe=""), name="message_has_dedupe_key"),
            UniqueConstraint(fields=["dedupe"], name="message_once"),
            CheckConstraint(
                condition=Q(group__in=[group.value for group in Group]), name="message_group_known"
            ),
        ]
        indexes = [
            Index(fields=["recipient", "-id"], name="message_inbox"),
            Index(fields=["created_at"], name="message_made"),
            Index(fields=["recipient"], name="message_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to user:{self.recipient_id}"

    @property
    def sentence(self) -> Sentence:
        """What is told; ``str()`` of it speaks the language of the moment."""
        return say(self.text, **{name: unpack(value) for name, value in self.params.items()})


class Delivery(models.Model):
    """One message on one channel. ``key`` is fixed before the first call and the same at every try.

    ``next_attempt_at`` is when a waiting delivery may be tried (again); while one worker tries, it
    lies in the future, so no other does.
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=20, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_channel"),
            CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            CheckConstraint(condition=Q(state__in=State.values), name="delivery_state_known"),
            CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | (~Q(state=State.SENT) & Q(sent_at=None)),
                name="delivery_sent_has_moment",
            ),
            CheckConstraint(
                condition=Q(state__in=WAITING, next_attempt_at__isnull=False)
                | (~Q(state__in=WAITING) & Q(next_attempt_at=None)),
                name="delivery_waiting_has_next_attempt",
            ),
            CheckConstraint(
                condition=~Q(state__in=[State.FAILED, State.DEAD]) | ~Q(error=""),
                name="delivery_failure_has_error",
            ),
        ]
        indexes = [
            Index(fields=["next_attempt_at"], name="delivery_due", condition=Q(state__in=WAITING)),
            Index(fields=["id"], name="delivery_dead", condition=Q(state=State.DEAD)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
