"""Pages that explain a failure: what happened, what is safe, what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string

from qitong.accounts.allowances import TooOften
from qitong.kernel.errors import Refused

RETRY = "60"
_UNTYPED = frozenset({"csrfmiddlewaretoken", "current", "code"})


def too_often(request: HttpRequest, refused: TooOften) -> HttpResponse:
    """429: asked too often; when to try again. What was typed comes back, to be sent once more then."""
    if "application/json" in request.headers.get("Accept", ""):
        answer: HttpResponse = JsonResponse({"error": str(refused)}, status=429)
    else:
        answer = _come_again(request, refused)
    answer["Retry-After"] = str(refused.seconds)
    return answer


def _come_again(request: HttpRequest, refused: TooOften) -> HttpResponse:
    sent = request.method == "POST"
    shown = {
        "sentence": refused,
        "typed": typed_in(request) if sent and not _has_secrets(request) else [],
        "back": request.path if sent else "",
        "had_files": sent and bool(request.FILES),
    }
    return render(request, "429.html", shown, status=429)


class Refusals:
    """A refusal that no page has caught is still an answer and no crash: 409 with its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._onwards = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._onwards(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return render(request, "409.html", {"sentence": error}, status=409)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it is only the database that cannot be reached just now. Asks nothing of either."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY})
    return HttpResponse(render_to_string("500.html"), status=500)


def unverified(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token did not match: what was typed comes back, to be sent once more.

    Only for a form that this site itself has sent; a foreign page cannot write the Origin header.
    """
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" and _arrived(request)
    shown = {"typed": typed_in(request) if own else [], "had_files": own and bool(request.FILES)}
    return render(request, "403_csrf.html", shown, status=403)


def _arrived(request: HttpRequest) -> bool:
    """Whether the form is there in full; a line that breaks during an upload leaves nothing of it."""
    try:
        return bool(request.POST)
    except UnreadablePostError:
        return False


def _has_secrets(request: HttpRequest) -> bool:
    """A form of which not all may be shown again cannot be sent again: less of it means another thing."""
    return any(map(_is_secret, request.POST.keys() - {"csrfmiddlewaretoken"}))


def _is_secret(name: str) -> bool:
    return name in _UNTYPED or name.endswith("password")


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that may be shown again: never a password, a code or a token."""
    found = ((name, str(value)) for name, values in request.POST.lists() for value in values)
    return [(name, value) for name, value in found if not _is_secret(name)]
