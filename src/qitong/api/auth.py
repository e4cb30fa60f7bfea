"""Bearer tokens (RFC 6750): who asks, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from qitong.accounts.actors import Actor, actor_for_token
from qitong.accounts.models import User


class Bearer(HttpBearer):
    """``Authorization: Bearer qt_…``, a token of one role in one place."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's actor, in its person's name: papers and the timeline carry names of people,
        while the ledger's ``by`` still says which token it was."""
        actor = actor_for_token(token, at=now())
        if actor is None or actor.user_id is None:
            return None
        return replace(actor, name=User.objects.values_list("name", flat=True).get(pk=actor.user_id))


def is_signed_in(request: HttpRequest) -> bool:
    return isinstance(getattr(request, "auth", None), Actor)


def acting(request: HttpRequest) -> Actor:
    """Who acts in this request. Only for operations behind :class:`Bearer`."""
    actor = getattr(request, "auth", None)
    if not isinstance(actor, Actor):
        raise TypeError("acting() needs an operation with auth")
    return actor


def now() -> dt.datetime:
    """The moment of the request."""
    return timezone.now()
