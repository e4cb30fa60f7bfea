"""Around every request: its number, its line in the log, its place in the figures.

Health and metrics are answered here, before hosts, sessions and users are looked at: whoever asks them
comes from inside, by number and without TLS.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from qitong.accounts.actors import Actor
from qitong.server import health
from qitong.server.watch import metrics, routes
from qitong.server.watch.counts import counts
from qitong.server.watch.logs import REQUESTS, masked, within

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_INSIDE = {"/healthz": health.healthz, "/metrics": metrics.show}
logger = logging.getLogger(REQUESTS)


class Watched:
    """The outermost middleware but for the one that makes GET of HEAD.

    The proxy's ``X-Request-Id`` is taken over, else one is made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._onwards = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        inside = _INSIDE.get(request.path_info)
        with within(request=number):
            answer = inside(request) if inside else self._onwards(request)
            seconds = time.perf_counter() - began
            route = routes.INSIDE if inside else _route(request)
            counts().add(routes.number(route), _method(request), answer.status_code, seconds)
            if not inside or answer.status_code >= 400:
                _tell(request, answer.status_code, route, seconds)
        answer.headers[HEADER] = number
        return answer


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.route
    return (
        routes.STATIC if request.path_info.startswith(f"/{settings.STATIC_URL.lstrip('/')}") else routes.NONE
    )


def _tell(request: HttpRequest, status: int, route: str, seconds: float) -> None:
    """No query string and no address of the reader: both say more than who runs this needs."""
    facts = {
        "method": _method(request),
        "path": _path(request),
        "route": route,
        "status": status,
        "ms": round(seconds * 1000),
        "actor": _actor(request),
    }
    level = logging.ERROR if status >= 500 else logging.INFO
    logger.log(level, "%s %s %s", facts["method"], facts["path"], status, extra={"facts": facts})


def _method(request: HttpRequest) -> str:
    """As it was asked: pages hear GET where HEAD was."""
    return str(request.META["REQUEST_METHOD"]).upper()


def _path(request: HttpRequest) -> str:
    """Without the secret of a link that opens by itself."""
    match, path = request.resolver_match, request.path_info
    secret = match.kwargs.get("secret") if match is not None else None
    return masked(path.replace(str(secret), "…") if secret else path)


def _actor(request: HttpRequest) -> str:
    """``token:3`` or ``user:7``, if the request asked who it is; nobody is looked up for the log."""
    token = getattr(request, "auth", None)
    if isinstance(token, Actor):
        return token.ref
    user = getattr(request, "_cached_user", None)
    return str(getattr(user, "ref", ""))
