"""What every answer tells the browser: run, load and send nothing that is not this site's own.

Style and script come from files only; a page that needs one thing more says so with
:func:`with_papers`. Whoever serves bytes somebody uploaded sends a policy of its own
(``datashare/downloads.py``), which stays.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

POLICY = "Content-Security-Policy"
_OWN = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_UNUSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


def policy(**more: str) -> str:
    """The policy of a page (CSP 3); ``object_src="'self'"`` allows one thing more."""
    parts = _OWN | {name.replace("_", "-"): value for name, value in more.items()}
    return "; ".join(f"{name} {value}" for name, value in parts.items())


HEADERS = {
    POLICY: policy(),
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def guard(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, the outermost: style sheets and failures pass through it, too."""

    def guarded(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    return guarded


def with_papers(page: HttpResponse) -> HttpResponse:
    """A page that shows a stored PDF within itself; its viewer is to a browser an object and a frame."""
    page.headers[POLICY] = policy(object_src="'self'", frame_src="'self'")
    return page
