"""The pages everybody shares: the front door, signing out, registering, the language."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from qitong.accounts.actors import Actor
from qitong.accounts.enterprises import register as register_enterprise
from qitong.accounts.models import User
from qitong.accounts.people import NewPerson
from qitong.kernel.errors import Refused
from qitong.web.common import visiting
from qitong.web.common.dates import now
from qitong.web.common.forms import RegisterForm, places
from qitong.web.common.http import refusal_to_form, safe_next
from qitong.web.common.signing_in import enter


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    visiting.leave(request)
    logout(request)
    return redirect("home")


@sensitive_post_parameters("password")
@csrf_protect
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register an enterprise and the person who speaks for it, who is then signed in."""
    onwards = safe_next(request)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _register(form)
        except Refused as refused:
            refusal_to_form(form, refused, login="phone")
        else:
            return enter(request, user, onwards, by="registration")
    shown = {"form": form, "next": onwards, "open": places().exists()}
    return render(request, "common/register.html", shown, status=_status(form))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie."""
    return set_language(request)


def _register(form: RegisterForm) -> User:
    given = form.cleaned_data
    done = register_enterprise(
        uscc=given["uscc"],
        name=given["name"],
        jurisdiction=given["jurisdiction"],
        legal_representative=given["legal_representative"],
        address=given["address"],
        phone=given["phone"],
        contact=NewPerson(login=given["phone"], name=given["contact_name"], password=given["password"]),
        by=Actor.visitor(),
        at=now(),
    )
    return done.administrator


def _status(form: RegisterForm) -> int:
    """What the browser is told about a form that was refused (RFC 9110, 422)."""
    return 422 if form.errors else 200
