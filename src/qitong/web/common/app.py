"""Qitong as an app on a device: its manifest, its service worker, and the page without a connection.

What may be kept on a device is decided here, page by page: only what a company's person reads, with
a header that says whose it is and until when it may be shown. Everything else is never kept; a page
that reaches the device without the header empties what was kept there (``static/sw.js``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.models import User
from qitong.web.common.context import Audience, audience_of, home_of
from qitong.web.common.dates import now
from qitong.web.common.visiting import visit_of

LONGEST = dt.timedelta(hours=72)
"""How long a page may be read without a connection."""

WORKER = Path(__file__).parent.parent / "static" / "sw.js"
PAPER = "#fbfaf6"
TIDE = "#0b6157"
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable", 512, "maskable"))


def for_offline(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: say of each page whether, for whom and until when the device may keep it."""

    def marked(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
        if request.method == "GET" and is_page and not request.path.startswith("/api/"):
            _mark(request, response)
        return response

    return marked


def _mark(request: HttpRequest, response: HttpResponse) -> None:
    user = request.user
    if visit_of(request) is not None:
        return  # a guest keeps nothing of the host's
    if isinstance(user, User) and audience_of(request) is Audience.COMPANY:
        response["Qitong-Reader"] = salted_hmac("qitong.offline", str(user.pk)).hexdigest()[:16]
        response["Qitong-Until"] = str(int(_until(user).timestamp() * 1000))


def _until(user: User) -> dt.datetime:
    """Never longer than the login itself lasts."""
    since = user.last_login or now()
    return min(now() + LONGEST, since + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE))


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it serves every page; its version is its content."""
    text = WORKER.read_text(encoding="utf-8")
    version = sha256(text.encode()).hexdigest()[:12]
    return HttpResponse(f'"{version}";\n{text}', content_type="text/javascript; charset=utf-8")


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colours and icons; the address says in which language and for whom it starts."""
    language = "en" if request.GET.get("lang") == "en" else "zh-hans"
    asked = request.GET.get("for", "")
    audience = Audience(asked) if asked in list(Audience) else Audience.VISITOR
    with override(language):
        made = {
            "id": "/",
            "name": gettext("企通：企业服务平台"),
            "short_name": gettext("企通"),
            "description": gettext("一个入口办企业的事：谁在办、办到哪一步、哪天办结，随时看得到。"),
            "lang": "en" if language == "en" else "zh-CN",
            "start_url": home_of(audience),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": TIDE,
            "icons": [
                {"src": static(f"{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
                for name, size, use in ICONS
            ],
        }
    return JsonResponse(
        made, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """For pages that are not on the device. It is kept itself, so it knows nobody."""
    language = "en" if request.GET.get("lang") == "en" else "zh-hans"
    with override(language):
        return render(request, "common/offline.html", {"sent": "sent" in request.GET})
