"""Signing in through an OpenID provider: away to it, and back with its answer."""

from __future__ import annotations

import datetime as dt
import hmac
import logging
import secrets
from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts import oidc, oidc_client
from qitong.accounts.logic.oidc import Provider, is_strong
from qitong.accounts.login import by_provider
from qitong.accounts.oidc_client import Asked
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.web.common.dates import now
from qitong.web.common.http import safe_next
from qitong.web.common.signing_in import enter, start

AWAY = "oidc_asked"
WAITS = dt.timedelta(minutes=10)
logger = logging.getLogger(__name__)


@never_cache
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """To the provider, with what ties its answer to this browser."""
    asked = Asked(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        back=request.build_absolute_uri(reverse("oidc_back")),
    )
    onwards = safe_next(request)
    try:
        there = oidc_client.away(_provider(), asked)
    except Refused as refused:
        return _back_to_login(request, refused, onwards)
    request.session[AWAY] = {"asked": asdict(asked), "at": now().timestamp(), "next": onwards}
    return redirect(there)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """From the provider. Each answer is good once, for the browser that was sent away."""
    kept = request.session.pop(AWAY, None)
    onwards = kept["next"] if kept else ""
    try:
        if "error" in request.GET:  # not every provider sends the state back with it
            raise Refused(say("统一登录没有完成。请重新登录，或者用密码、验证码登录。"), code="oidc_denied")
        asked = _asked(request, kept)
        claims = oidc_client.claims_for(_provider(), asked, request.GET.get("code", ""), at=now())
        strong = is_strong(claims)
        user = by_provider(oidc.identify(claims=claims, at=now()), strong=strong, at=now())
    except Refused as refused:
        why = ", ".join([refused.code, *getattr(refused, "__notes__", [])])
        logger.warning("signing in by the provider was refused: %s", why)
        return _back_to_login(request, refused, onwards)
    return start(request, user, onwards) if strong else enter(request, user, onwards, by="oidc")


def _asked(request: HttpRequest, kept: dict[str, object] | None) -> Asked:
    facts = kept["asked"] if kept else None
    since = kept["at"] if kept else None
    if isinstance(facts, dict) and isinstance(since, float):
        asked = Asked(**facts)
        fresh = now().timestamp() - since <= WAITS.total_seconds()
        if fresh and hmac.compare_digest(asked.state.encode(), request.GET.get("state", "").encode()):
            return asked
    raise Refused(say("这次统一登录已经过期，请重新登录。"), code="oidc_state")


def _provider() -> Provider:
    provider: Provider | None = settings.OIDC
    if provider is None:
        raise Http404
    return provider


def _back_to_login(request: HttpRequest, refused: Refused, onwards: str) -> HttpResponse:
    messages.error(request, str(refused))
    return redirect(reverse("login", query={"next": onwards} if onwards else None))
