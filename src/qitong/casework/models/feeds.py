"""The private address at which a person's due dates can be read without signing in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qitong.casework.logic.terms import Side, choices


class CalendarFeed(models.Model):
    """One address of one person for one side of the desk. Only the digest of its secret is kept.

    ``nonce`` together with the server's key makes the secret, so that its owner can be shown it
    again; neither alone does.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=choices(Side))
    nonce = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="feed_side_known", condition=Q(side__in=["company", "office"])),
            models.CheckConstraint(
                name="feed_revoked_after_created",
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
            ),
            models.UniqueConstraint(
                fields=["user", "side"], condition=Q(revoked_at=None), name="feed_one_open_a_side"
            ),
        ]
