"""What was typed before a login ran out, kept until the same person has signed in again.

Works without a script: the session of the visitor who is sent to the login page carries the form,
Django takes it over into the session of who signs in, and the form shows it again, not yet saved.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase, QueryDict

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
_KEY = "typed"
_MOST = 20_000
_NAMES = ("title", "description", "contact_", "fact.", "was.")


def outlives_the_login(view: View[P]) -> View[P]:
    """A form that arrives from nobody is not lost; ``who`` in it says whose it was."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated and "who" in request.POST:
            form = QueryDict(mutable=True)
            for name, value in request.POST.items():
                if name.startswith(_NAMES) or name == "who":
                    form[name] = str(value)
            if len(text := form.urlencode()) <= _MOST:
                request.session[_KEY] = {"path": request.path, "form": text}
        return view(request, *args, **kwargs)

    return guarded


def again(request: HttpRequest) -> QueryDict | None:
    """What was typed here before signing in again; told once, and only to who typed it."""
    kept = request.session.get(_KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    form = QueryDict(kept["form"])
    return form if form.get("who") == str(request.user.pk) else None
