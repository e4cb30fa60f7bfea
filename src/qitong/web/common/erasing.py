"""Asking to be erased: what goes, what a law keeps and until when, and what stands in the way."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qitong.kernel.errors import Refused
from qitong.privacy import erasure
from qitong.web.common.account import LAYOUTS, oneself
from qitong.web.common.context import audience_of
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting
from qitong.web.common.parts import Crumb


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """For oneself."""
    back = Crumb(gettext("账户"), reverse("account"))
    return asking(request, oneself(request), back, title=gettext("删除我的个人信息"))


def asking(request: HttpRequest, subject: erasure.Subject, back: Crumb, *, title: str) -> HttpResponse:
    """The page for a person or a company; a POST asks."""
    if request.method == "POST":
        try:
            erasure.ask(subject=subject, by=acting(request), at=now())
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, gettext("已提出，由安全管理员办理。"))
        return redirect(request.path)
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "title": title,
        "back": back,
        "asked": erasure.asked(subject),
        "why_not": erasure.why_not(subject, on=today()),
        "years": erasure.years_kept(),
        "is_company": subject._meta.model_name == "enterprise",
    }
    return render(request, "common/erasing.html", shown)
