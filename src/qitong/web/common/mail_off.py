"""The link at the end of a mail: one sort of messages comes by mail no more. Nobody has to sign in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qitong.accounts.actors import Actor
from qitong.kernel.errors import Refused
from qitong.notifications import stopping
from qitong.web.common.dates import now

GONE = frozenset({"link_expired", "link_used"})


@csrf_exempt  # no cookie is looked at: the link alone says what may be done
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """Looked at, it asks; only sent it is done. Mail programs send it themselves (RFC 8058)."""
    shown: dict[str, object] = {}
    status = 200
    try:
        if request.method == "POST":
            shown = {"group": stopping.stop(secret, by=Actor.visitor(), at=now()), "done": True}
        else:
            shown = {"group": stopping.about(secret, at=now())}
    except Refused as refused:
        shown, status = {"refused": refused}, 410 if refused.code in GONE else 404
    answer = render(request, "common/mail_off.html", shown, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
