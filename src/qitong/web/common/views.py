"""The pages everybody shares: the front door, signing out, the language."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from qitong.web.common import visiting


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    visiting.leave(request)
    logout(request)
    return redirect("home")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie."""
    return set_language(request)
