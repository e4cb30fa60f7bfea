"""Style sheets and scripts on their way to the browser: small, and fetched once until they change.

They come straight from the package (nothing to collect, nothing to forget). Their address carries a
hash of their content; asked for under it, they may be kept for a year.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

KEPT = "public, max-age=31536000, immutable"
_SHRINKS = (
    "text/",
    "application/json",
    "application/javascript",
    "application/manifest+json",
    "image/svg+xml",
)


def version(name: str) -> str:
    """The hash of a static file's content; empty when there is no such file."""
    try:
        return _hash(_place(name), Path(_place(name)).stat().st_mtime_ns)
    except FileNotFoundError:
        return ""


@lru_cache(maxsize=256)
def _place(name: str) -> str:
    """Where a static file is: looked for in every package once, not for each page. FileNotFoundError."""
    if found := finders.find(name):
        return found
    raise FileNotFoundError(name)


@lru_cache(maxsize=256)
def _hash(path: str, changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=256)
def _address(base: str, name: str) -> str:
    return str(StaticFilesStorage(base_url=base).url(name))


class Versioned(StaticFilesStorage):
    """``{% static 'qitong.css' %}`` becomes ``/static/qitong.css?v=3f2a…``."""

    def url(self, name: str | None) -> str:
        address = _address(self.base_url or "", name or "")
        known = version(name or "")
        return f"{address}?v={known}" if known else address


class Shrink(GZipMiddleware):
    """Compress what is text, and let browsers keep static files whose address says what is in them.

    Pages with a form are safe from guessing by length: Django masks the token anew each time and pads
    the answer by a random amount. What is asked for under an outdated version is not kept under it:
    while machines are renewed one by one, an old one may answer for a new page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        prefix = f"/{settings.STATIC_URL.lstrip('/')}"
        asked = request.GET.get("v")
        served = request.path_info.startswith(prefix) and response.status_code in (200, 304)
        if served and asked and asked == version(request.path_info.removeprefix(prefix)):
            response["Cache-Control"] = KEPT
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith(_SHRINKS) or response.headers.get("Content-Range"):
            return response
        return super().process_response(request, response)
