"""Bearer tokens (RFC 6750): who asks, and when."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from qitong.accounts.actors import Actor, actor_for_token


class Bearer(HttpBearer):
    """``Authorization: Bearer qt_…``, a token of one role in one place."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_for_token(token, at=now())


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
