"""Light, dark, or as the device says: remembered in a cookie, so that the page comes in the right colours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from qitong.web.common.http import safe_next

COOKIE = "qitong_theme"
THEMES: dict[str, str | Promise] = {"": _("跟随设备"), "light": _("浅色"), "dark": _("深色")}
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest | None) -> str:
    """``light`` or ``dark`` when the reader has chosen one; empty follows the device."""
    chosen = request.COOKIES.get(COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else ""


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    answer = redirect(safe_next(request) or "/")
    chosen = request.POST.get("theme", "")
    if chosen in ("light", "dark"):
        answer.set_cookie(
            COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
