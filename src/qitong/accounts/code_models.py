"""Codes sent to a phone or mail address, and what was tried for logins that nobody has."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

CODE_TRIES = 5


class Purpose(models.TextChoices):
    SIGN_IN = "sign_in"
    NEW_ADDRESS = "new_address"
    NEW_PASSWORD = "new_password"  # noqa: S105  a name
    REGISTRATION = "registration"


class Ended(models.TextChoices):
    """Why a code is good for nothing any more; empty while it may still be used."""

    USED = "used"
    VOID = "void"
    REPLACED = "replaced"


class LoginCode(models.Model):
    """A code somebody asked for. The code itself is nowhere: it follows from ``nonce`` and the key of
    this installation, which the database does not know.

    ``whose`` is the login as it was typed, which may be nobody's, or (for a new address or password) the
    account's ref; ``user`` is known once the code has been addressed.
    """

    whose = models.CharField(max_length=100)
    purpose = models.CharField(max_length=20, choices=Purpose)
    address = models.CharField(max_length=100)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    nonce = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    ended = models.CharField(max_length=10, choices=Ended, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["whose", "purpose"], condition=Q(ended=""), name="code_open_once"
            ),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="code_purpose_known"),
            models.CheckConstraint(condition=Q(ended__in=["", *Ended.values]), name="code_end_known"),
            models.CheckConstraint(
                condition=Q(wrong__lt=CODE_TRIES) | (Q(wrong=CODE_TRIES) & ~Q(ended="")),
                name="code_tries_end",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=[Purpose.SIGN_IN, Purpose.REGISTRATION]) | Q(user__isnull=False),
                name="code_new_address_whose",
            ),
        ]
        indexes = [models.Index(fields=["whose", "purpose", "-asked_at"], name="code_asked")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Stranger(models.Model):
    """A login that nobody has: failures are counted and lock as an account's do, so that the lock
    does not tell who exists. ``digest`` stands for the login; cleared after a day.
    """

    digest = models.CharField(max_length=64, unique=True)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]

    @property
    def ref(self) -> str:
        """All of them share one stream of the ledger."""
        return "login:unknown"
