"""Bearer tokens (RFC 6750): who asks, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from qitong.accounts.actors import Actor, actor_for_token
from qitong.accounts.allowances import take
from qitong.accounts.origin import address_of


class Bearer(HttpBearer):
    """``Authorization: Bearer qt_…``, a token of one role in one place."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_for_token(token, at=now())
        take(kind="api", whose=actor.ref if actor else address_of(request), at=now())
        return actor


def limited(view: Callable[..., Any]) -> Callable[..., Any]:
    """Around every operation: who needs no token is counted by address; a token has been counted."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if not is_signed_in(request):
            take(kind="api", whose=address_of(request), at=now())
        return view(request, *args, **values)

    return counted


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
