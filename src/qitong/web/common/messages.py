"""What the reader was told: newest first. Looking at it marks nothing as read; the button does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qitong.accounts.actors import Actor
from qitong.casework.models import Case
from qitong.casework.queries import visible
from qitong.notifications import queries
from qitong.notifications.inbox import mark_read
from qitong.notifications.models import Message
from qitong.web.common.context import Audience, audience_of
from qitong.web.common.dates import now
from qitong.web.common.http import acting, number_of
from qitong.web.common.parts import Text

SIZE = 25
PLACES: Mapping[str, tuple[str, Text]] = {
    "export.made": ("workbench:exports", _("去下载")),
    "desk.handed_over": ("workbench:inbox", _("查看办件列表")),
    "package.sent": ("portal:packages", _("查看服务包")),
    "package.answered": ("workbench:demand", _("查看企业需求")),
}
"""Where messages that are about no single case lead."""
LAYOUTS = {Audience.COMPANY: "common/portal.html", Audience.OFFICER: "common/workbench.html"}


@dataclass(frozen=True, slots=True)
class Line:
    """A message and the page it leads to; ``href`` is empty where there is none (any longer)."""

    message: Message
    href: str = ""
    label: Text = ""


@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The reader's messages; a POST marks them as read and comes back."""
    reader = acting(request)
    if request.method == "POST":
        if _mark_read(reader, number_of(request.POST.get("newest", ""))):
            messages.success(request, gettext("已全部标为已读。"))
        return redirect("messages")
    before = number_of(request.GET.get("before", ""))
    found = queries.inbox(reader, before=before, limit=SIZE + 1)
    rows = found[:SIZE]
    shown = {
        "layout": LAYOUTS[audience_of(request)],
        "lines": _lines(reader, rows),
        "newest": rows[0].pk if rows and before is None else None,
        "earlier": rows[-1].pk if len(found) > SIZE else None,
        "unread": queries.unread(reader),
        "before": before,
    }
    return render(request, "common/messages.html", shown)


def _mark_read(reader: Actor, newest: int | None) -> int:
    """Mark all up to the newest one the reader saw: what came in meanwhile stays unread."""
    if newest is None:
        return mark_read(by=reader, at=now())
    seen = queries.shown(reader).filter(read_at=None, pk__lte=newest)
    return mark_read(message_ids=list(seen.values_list("pk", flat=True)), by=reader, at=now())


def _lines(reader: Actor, rows: Iterable[Message]) -> list[Line]:
    """Each with the way to its case, as long as the reader may see that case: one query."""
    kept = list(rows)
    cases = {row.case_id for row in kept if row.case_id}
    open_to = set(visible(reader).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    return [_line(reader, row, row.case_id in open_to) for row in kept]


def _line(reader: Actor, message: Message, is_open: bool) -> Line:
    if is_open and (page := _page(reader, message.case)):
        number = message.case.number if message.case else ""
        return Line(message, page, gettext("查看办件%(number)s") % {"number": number})
    of_policy = message.change or message.notice
    if of_policy is not None and of_policy.enterprise_id in reader.enterprise_ids:
        page = reverse("portal:policy", args=[of_policy.enterprise_id, of_policy.policy])
        told = f"?told={message.change_id}" if message.change_id else ""
        return Line(message, page + told, gettext("查看政策"))
    if message.kind in PLACES:
        view, label = PLACES[message.kind]
        return Line(message, reverse(view), label)
    return Line(message)


def _page(reader: Actor, case: Case | None) -> str:
    """The case's page at the company's portal or at the officers' workbench; a draft has none."""
    if case is None or case.number is None:
        return ""
    view = "portal:case" if case.enterprise_id in reader.enterprise_ids else "workbench:case"
    return reverse(view, args=[case.number])
