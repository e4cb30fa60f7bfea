"""What is true of every request, whoever answers it: HEAD is GET without the body, and an address that
nobody can have written for this site is refused here, so that no page has to think of it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.log import log_response
from django.utils.translation import gettext

from qitong.api import problems

Answer = Callable[[HttpRequest], HttpResponseBase]
_API = "/api/"


def head(get_response: Answer) -> Answer:
    """Middleware, the outermost, around all that measures or shrinks an answer (RFC 9110, 9.3.2).

    Pages and operations know GET alone; they are asked with GET, and what they say is not sent. What was
    asked stays in ``META``, where the log reads it.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        request.META.pop("HTTP_RANGE", None)  # means something to GET only
        return _emptied(get_response(request))

    return answered


def allow(get_response: Answer) -> Answer:
    """Middleware, outside of all that says what may be asked: wherever GET is answered, HEAD is."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        ways = [way.strip() for way in answer.get("Allow", "").split(",")]
        if "GET" in ways and "HEAD" not in ways:
            ways.insert(ways.index("GET") + 1, "HEAD")
            answer["Allow"] = ", ".join(ways)
        return answer

    return answered


def unseen(get_response: Answer) -> Answer:
    """Middleware, next within that of messages: what a page said once was not seen by who asked with HEAD."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        said = messages.get_messages(request)
        if request.META.get("REQUEST_METHOD") == "HEAD" and isinstance(said, BaseStorage):
            said.used = False
        return answer

    return answered


def _emptied(answer: HttpResponseBase) -> HttpResponseBase:
    """Headers as they are, the length of the whole among them. A file is closed with the answer."""
    if isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = ()
    elif isinstance(answer, HttpResponse):
        answer.headers.setdefault("Content-Length", str(len(answer.content)))
        answer.content = b""
    return answer


def host(get_response: Answer) -> Answer:
    """Middleware, before whatever asks by what name the site was called.

    A name that is not the site's, or none at all, is a stranger's doing and no fault: 400, and nothing
    in the log beside the line of the request. The page asks for no name again.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost as why:
            answer = _strange(request)
            log_response("%s", why, response=answer, request=request, level="debug")  # else it warns
            return answer
        return get_response(request)

    return answered


def _strange(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(_API):
        detail = gettext("这个网址不是本平台的。请核对主机名。")
        return problems.problem(request, 400, "unknown_host", detail)
    return HttpResponse(render_to_string("400.html"), status=400)


def nul(get_response: Answer) -> Answer:
    """Middleware, behind those that know language and reader: no address has a NUL, and no database
    takes one (PostgreSQL, 8.3). In the path it leads nowhere; in the query it is an unreadable request.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        api = request.path_info.startswith(_API)
        if "\0" in request.path_info:
            if api:
                return problems.not_found(request)
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            return problems.unreadable(request) if api else render(request, "400.html", status=400)
        return get_response(request)

    return answered
