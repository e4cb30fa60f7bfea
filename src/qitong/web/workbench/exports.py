"""Exports: say what would be taken out, take it, and fetch what was made meanwhile."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qitong.casework import lists
from qitong.casework.logic.filters import ANY, Filter, Scope
from qitong.insight import exports
from qitong.insight.export_rows import Export
from qitong.insight.sheets import COLUMNS
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Crumb
from qitong.web.workbench.bulk import ticked

HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One's own exports, newest first."""
    own = Export.objects.filter(user_id=acting(request).user_id or 0)
    page = page_of(request, own, key="asked_at")
    rows = [
        (
            row,
            Filter.parse(row.query).sentence(),
            row.ended_at and row.ended_at + settings.RETENTION["exports"],
        )
        for row in page.rows
    ]
    shown = {"page": page, "rows": rows, "back": Crumb(_("办件"), reverse("workbench:inbox"))}
    return render(request, "workbench/exports.html", shown)


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """How many rows of which list; a POST takes them out, at once or, when they are many, by a job."""
    given = request.POST if request.method == "POST" else request.GET
    actor, at = acting(request), now()
    ids = ticked(given)
    cut = Filter(scope=Scope.ALL, state=ANY) if ids else Filter.read(dict(given.lists()))
    items = lists.items_seen(actor) if cut.item else {}
    if request.method == "POST":
        try:
            return _taken(request, cut, ids)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("workbench:exports")
    count = exports.size_of(actor, cut, ids=ids or None, at=at)
    shown = {
        "count": count,
        "unseen": len(set(ids)) - count if ids else 0,
        "later": count > exports.AT_ONCE,
        "most": exports.AT_ONCE,
        "sentence": "" if ids else cut.sentence(items.get(cut.item, "")),
        "given": [("it", pk) for pk in ids] or cut.pairs(),
        "columns": [column.title for column in COLUMNS],
        "back": Crumb(
            _("办件"),
            f"{reverse('workbench:inbox')}?{cut.query()}" if not ids else reverse("workbench:inbox"),
        ),
    }
    return render(request, "workbench/export_new.html", shown)


def _taken(request: HttpRequest, cut: Filter, ids: list[int]) -> HttpResponseBase:
    actor, at = acting(request), now()
    if not ids and exports.size_of(actor, cut, at=at) > exports.AT_ONCE:
        exports.ask(cut, language=get_language() or "zh-hans", by=actor, at=at)
        messages.success(request, gettext("正在后台制作，做好后会通知您。您可以离开此页。"))
        return redirect("workbench:exports")
    file = exports.take(cut, ids=ids or None, by=actor, at=at)
    name = f"{gettext('办件')}-{today():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=exports.XLSX, headers=HEADERS)


@officer_required
@require_GET
def fetch(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file: for who asked for it, nobody else."""
    try:
        export, file = exports.fetch(public_id=public_id, by=acting(request), at=now())
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from refused
        messages.error(request, str(refused))
        return redirect("workbench:exports")
    name = f"{gettext('办件')}-{export.asked_at:%Y%m%d}.xlsx"
    headers = {**HEADERS, "Content-Length": str(export.size)}
    return FileResponse(file, as_attachment=True, filename=name, content_type=exports.XLSX, headers=headers)


@officer_required
@require_POST
def retry(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Try one that failed again."""
    actor = acting(request)
    export = Export.objects.filter(public_id=public_id, user_id=actor.user_id or 0).first()
    if export is None:
        raise Http404
    exports.retry(export=export, by=actor, at=now())
    messages.success(request, gettext("正在后台制作，做好后会通知您。您可以离开此页。"))
    return redirect("workbench:exports")
