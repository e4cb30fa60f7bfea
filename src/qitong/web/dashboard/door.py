"""Who comes in: leaders, heads, who stands in for them, and auditors; other officers read why not."""

from __future__ import annotations

from functools import update_wrapper

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from qitong.insight.permissions import why_not_look
from qitong.web.common.http import P, View, acting, wrong_door


def looker_required(view: View[P]) -> View[P]:
    """Only for those who may look at the figures."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        actor = acting(request)
        if not actor.is_officer:
            return wrong_door(request, wanted="officer")
        if why_not := why_not_look(actor):
            return render(request, "dashboard/closed.html", {"why_not": why_not}, status=403)
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return guarded
