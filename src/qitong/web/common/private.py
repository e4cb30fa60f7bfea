"""What was answered to somebody known is nobody else's, and is kept nowhere on the way.

A browser that was closed, a proxy, or the way back after signing out would show it again. What a device
may keep of a company's pages is another thing: the service worker decides it by a mark of its own, and
asks nothing of this header (``app.py``).
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase

HEADER = "Cache-Control"
PRIVATE = "private, no-store"


def private(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, behind the session's: a view that says how it may be kept has the last word."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        if HEADER not in answer.headers and _is_known(request):
            answer.headers[HEADER] = PRIVATE
        return answer

    return answered


def _is_known(request: HttpRequest) -> bool:
    """By a token, or by a login that this answer has read: what read none says nothing of anybody."""
    if "Authorization" in request.headers:
        return True
    return request.session.accessed and SESSION_KEY in request.session
