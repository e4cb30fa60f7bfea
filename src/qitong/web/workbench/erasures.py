"""Who asked to be erased, for the security administrator, who does it with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qitong.kernel.errors import Refused
from qitong.kernel.masking import mask_name
from qitong.privacy import erasure
from qitong.privacy.models import Erasure
from qitong.web.common.dates import now
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.paging import page_of
from qitong.web.workbench.users import ReasonForm, guards_only


class WhyForm(ReasonForm):
    """Who is erased no longer reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext("写入台账，审计管理员会看到。不要写个人信息。")


@dataclass(frozen=True, slots=True)
class Line:
    """One asking that waits."""

    row: Erasure
    name: str
    form: WhyForm


DONE = 50


@never_cache
@officer_required
@guards_only
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    return _page(request)


@officer_required
@guards_only
@require_POST
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase; a refusal comes back beside its form."""
    row = Erasure.objects.filter(pk=pk, done_at=None).first()
    subject = erasure.subject_of(row.subject) if row else None
    if row is None or subject is None:
        raise Http404
    try:
        erasure.erase(subject=subject, reason=request.POST.get("reason", ""), by=acting(request), at=now())
    except Refused as refused:
        form = WhyForm(request.POST, auto_id=f"id_{pk}_%s")
        if not form.errors:
            refusal_to_form(form, refused)
        return _page(request, refused={pk: form})
    messages.success(request, gettext("已删除，台账仍然完整。"))
    return redirect("workbench:erasures")


def _page(request: HttpRequest, *, refused: dict[int, WhyForm] | None = None) -> HttpResponse:
    forms = refused or {}
    page = page_of(request, Erasure.objects.filter(done_at=None), key="asked_at", newest_first=False)
    names = erasure.names_of(page.rows)
    lines = [
        Line(row, _called(row, names), forms.get(row.pk) or WhyForm(auto_id=f"id_{row.pk}_%s"))
        for row in page.rows
    ]
    done = Erasure.objects.filter(done_at__isnull=False).order_by("-done_at", "-id")[:DONE]
    context = {"lines": lines, "page": page, "done": done, "sent": next(iter(forms.values()), None)}
    return render(request, "workbench/erasures.html", context, status=422 if forms else 200)


def _called(row: Erasure, names: dict[str, str]) -> str:
    name = names.get(row.subject, "")
    return mask_name(name) if row.subject.startswith("user:") else name
