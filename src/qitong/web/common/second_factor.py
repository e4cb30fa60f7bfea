"""One's own authenticator app: taken into use, new recovery codes, given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qitong.accounts import second
from qitong.accounts.login import prove_second
from qitong.accounts.models import SecondFactor
from qitong.kernel.errors import Refused
from qitong.web.common.account import LAYOUTS, oneself
from qitong.web.common.context import audience_of
from qitong.web.common.dates import now
from qitong.web.common.http import acting, refusal_to_form
from qitong.web.common.parts import Crumb
from qitong.web.common.second_proof import FirstCodeForm, ProofForm, recovery_codes, scannable


@sensitive_post_parameters("code")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Whether there is one, and what can be done about it; each deed needs a code of the app."""
    factor = second.of(oneself(request))
    if factor is None:
        return _begin(request)
    return _waiting(request, factor) if factor.confirmed_at is None else _in_use(request, factor)


def _begin(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        second.begin(by=acting(request), at=now())
        return redirect("account_second")
    return render(request, "common/second_none.html", _frame(request))


def _waiting(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second.confirm(code=form.cleaned_data["code"], by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            return recovery_codes(request, codes, reverse("account"))
    shown = {**_frame(request), "form": form, **scannable(factor)}
    return render(request, "common/second_new.html", shown, status=422 if form.errors else 200)


def _in_use(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prove_second(factor.user, form.cleaned_data["code"], at=now())
            if request.POST.get("deed") == "renew":
                codes = second.renew_codes(by=acting(request), at=now())
                return recovery_codes(request, codes, reverse("account"))
            second.remove(by=acting(request), at=now())
        except Refused as refused:
            refusal_to_form(form, refused, login="code")
        else:
            messages.success(request, gettext("动态码已停用。"))
            return redirect("account")
    shown = {
        **_frame(request),
        "form": form,
        "factor": factor,
        "left": factor.recovery_codes.filter(used_at=None).count(),
        "required": second.is_required(factor.user, at=now()),
    }
    return render(request, "common/second_in_use.html", shown, status=422 if form.errors else 200)


def _frame(request: HttpRequest) -> dict[str, Any]:
    back = Crumb(gettext("账户"), reverse("account"))
    return {"layout": LAYOUTS[audience_of(request)], "back": back}
