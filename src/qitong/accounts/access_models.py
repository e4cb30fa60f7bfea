"""How people come in and stay in: devices, second factors, other providers' names, old passwords, visits."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

USER = "accounts.User"
RECOVERY_CODES = 10


class LoginSession(AbstractBaseSession):
    """A session, anonymous until ``user`` signs in; then the device it is on and when it was last seen.

    The columns follow from the session's own data whenever it is saved (``server/session_store.py``).
    """

    user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="login_sessions")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) | Q(started_at__isnull=False, seen_at__isnull=False),
                name="session_of_somebody_whole",
            ),
        ]
        indexes = [models.Index(fields=["user", "-seen_at"], name="session_seen")]

    def __str__(self) -> str:
        return f"session of {self.user_id}"


class SecondFactor(models.Model):
    """An authenticator app (RFC 6238). Its secret follows from ``nonce`` and the key of this installation.

    ``last_step`` is the latest step of half a minute whose code was used: none is good twice.
    """

    user = models.OneToOneField(USER, models.CASCADE, related_name="second_factor")
    nonce = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, last_step=0) | Q(confirmed_at__isnull=False, last_step__gt=0),
                name="second_factor_confirmed_by_code",
            ),
        ]

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """In place of the app, once; only a keyed digest is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class ExternalIdentity(models.Model):
    """Who somebody is at an OpenID provider: ``subject`` is its unchanging name for them."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="external_identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_is_one_user"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_one_an_issuer"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


class PastPassword(models.Model):
    """The hash of a password somebody had: not to be taken again soon."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="past_passwords")
    hashed = models.CharField(max_length=128)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-until"], name="past_password_latest")]

    def __str__(self) -> str:
        return f"a past password of {self.user_id}"


class Visit(models.Model):
    """A security administrator (``visitor``) looks at the pages of ``host`` as they see them; read only.

    ``ends_at`` is the latest end; ``ended_at`` when it was ended before.
    """

    visitor = models.ForeignKey(USER, models.PROTECT, related_name="visits_made")
    host = models.ForeignKey(USER, models.PROTECT, related_name="visits_had")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="visit_has_reason"),
            models.CheckConstraint(condition=~Q(visitor=F("host")), name="visit_to_another"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="visit_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="visit_ended_after_start"
            ),
            models.UniqueConstraint(
                fields=["visitor"], condition=Q(ended_at=None), name="visit_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["host", "-started_at"], name="visit_had")]

    def __str__(self) -> str:
        return f"{self.visitor_id} as {self.host_id}"


class Share(models.Model):
    """How much of what may be asked somebody has used (``allowances.py``): all of it is free at ``free_at``.

    ``key`` stands for an address, a person or a token, and what they ask for; ``granted`` is the last answer.
    The table is not logged (see its migration): after a crash everybody begins anew.
    """

    key = models.UUIDField(primary_key=True)
    free_at = models.DateTimeField()
    granted = models.BooleanField()

    def __str__(self) -> str:
        return f"used until {self.free_at}"


class UsedLink(models.Model):
    """A link that was used (``links.py``) and may not be again; forgotten once it has expired anyway."""

    key = models.UUIDField(primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"used, good until {self.until}"


class Showing(models.Model):
    """Until when ``viewer`` (an actor's ref) sees in full what ``subject`` (a stream) holds of somebody.

    A means, not a record: that it was shown stands in the ledger (``showing.py``). Cleared away at night.
    """

    subject = models.CharField(max_length=200)
    viewer = models.CharField(max_length=60)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "viewer"], name="showing_once")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.viewer}"
