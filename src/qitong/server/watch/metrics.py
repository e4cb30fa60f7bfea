"""``/metrics``: figures for Prometheus, for who holds the token, or, without one, for this machine alone."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import accumulate

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qitong.server.watch import figures, routes
from qitong.server.watch.counts import BOUNDS, Row, counts
from qitong.server.watch.exposition import CONTENT_TYPE, Family, one, text

_LOOPBACK = {"127.0.0.1", "::1"}
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via")


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All families; when the database is away, the requests are still told."""
    if not _may_read(request):
        return HttpResponse(
            "Ask with the token of QITONG_METRICS_TOKEN.\n", status=403, content_type="text/plain"
        )
    told = list(_requests())
    try:
        told += figures.families(timezone.now())
        up = 1
    except (DatabaseError, InterfaceError):
        up = 0
    told.append(one("qitong_database_up", "Whether the database answered.", up))
    return HttpResponse(text(told), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    """A request that a proxy has passed on comes from elsewhere, though its address is this machine's."""
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    near = request.META.get("REMOTE_ADDR", "") in _LOOPBACK
    return near and not any(name in request.headers for name in _PROXIED)


def _requests() -> Iterator[Family]:
    rows = list(counts().rows())
    answered = tuple(
        ("", (("route", _name(row)), ("method", method), ("status", status)), float(n))
        for row in rows
        for (method, status), n in row.counted.items()
    )
    yield Family("qitong_requests_total", "counter", "Requests answered, by route.", answered)
    timed = tuple(sample for row in rows for sample in _histogram(row))
    yield Family("qitong_request_seconds", "histogram", "How long the answers took.", timed)


def _histogram(row: Row) -> Iterator[tuple[str, tuple[tuple[str, str], ...], float]]:
    route = ("route", _name(row))
    for bound, below in zip((*BOUNDS, None), accumulate(row.buckets), strict=True):
        yield "_bucket", (route, ("le", "+Inf" if bound is None else f"{bound:g}")), below
    yield "_sum", (route,), row.seconds
    yield "_count", (route,), sum(row.buckets)


def _name(row: Row) -> str:
    return routes.names()[row.route]
