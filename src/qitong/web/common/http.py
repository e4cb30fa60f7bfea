"""From a request to the domain and back: who acts, who may enter, and where a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.models import User
from qitong.kernel.errors import Refused
from qitong.web.common.dates import today

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
_KEPT = "qitong_actor"
DIGITS = 18  # a primary key of PostgreSQL's bigint never has more


def acting(request: HttpRequest) -> Actor:
    """Who acts in this request; read once. Only for a signed-in person (the decorators see to it)."""
    actor: Actor | None = getattr(request, _KEPT, None)
    if actor is None:
        if not isinstance(request.user, User):
            raise TypeError(
                "acting() needs a signed-in person; put company_required or officer_required on the view"
            )
        actor = actor_for(request.user, on=today())
        setattr(request, _KEPT, actor)
    return actor


def act_as(request: HttpRequest, actor: Actor) -> None:
    """From here on this request is the actor's: a guest who looks with somebody else's eyes."""
    setattr(request, _KEPT, actor)


def forget_actor(request: HttpRequest) -> None:
    """After signing in or changing roles, read the actor anew."""
    if hasattr(request, _KEPT):
        delattr(request, _KEPT)


def company_required(view: View[P]) -> View[P]:
    """Only for people who act for an enterprise; others read why, and where their own door is."""
    return _door(view, lambda actor: bool(actor.enterprise_ids), "company")


def officer_required(view: View[P]) -> View[P]:
    """Only for people who hold an officer role today; others read why, and where their own door is."""
    return _door(view, lambda actor: actor.is_officer, "officer")


def _door(view: View[P], may_enter: Callable[[Actor], bool], wanted: str) -> View[P]:
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may_enter(acting(request)):
            return wrong_door(request, wanted=wanted)
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return guarded


def wrong_door(request: HttpRequest, *, wanted: str) -> HttpResponse:
    """The page (403) that says for whom this address is (``company`` or ``officer``) and how to go on."""
    return render(request, "common/wrong_door.html", {"wanted": wanted}, status=403)


def refusal_to_form(form: BaseForm, refused: Refused, **fields: str) -> None:
    """Put the sentence beside its field, or on top when it belongs to the whole form.

    ``fields`` maps the domain's field to the form's where they differ: ``login="phone"``.
    """
    field = fields.get(refused.field, refused.field)
    form.add_error(field if field in form.fields else None, str(refused))


def number_of(text: str) -> int | None:
    """A number out of an address or a form; anything else, or more than a row can have, is as not given."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def safe_next(request: HttpRequest) -> str:
    """``next`` when it is an address of this site, else empty: a bare word would be taken for a name."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else ""
