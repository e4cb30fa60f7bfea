"""Windows of policies as days of a calendar, with reminders; the calendar of all of them, for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor
from qitong.casework.logic import ical
from qitong.catalogue.calendar import current
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies import foresight, preparing
from qitong.policies.library import Entry
from qitong.policies.logic.calling import closing_from
from qitong.policies.logic.coming import Coming, Sort
from qitong.policies.logic.standing import Window
from qitong.web.common.dates import now, shown, today

LANGUAGES = {"zh": "zh-hans", "en": "en"}
_NINE = dt.timedelta(hours=9)
_DAY = dt.timedelta(days=1)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """All windows of policies in force or published ahead, expected ones too. ``?lang=zh`` or ``en``."""
    on = today()
    language = LANGUAGES.get(request.GET.get("lang", ""), translation.get_language() or "zh-hans")
    with translation.override(language):
        days = [
            day
            for one, entry in foresight.windows_ahead(on)
            for day in of_window(
                one, entry, on, key=f"policies.{one.policy}.{one.first}", page=_page(request, one)
            )
        ]
        text = ical.calendar(gettext("企通：政策申报窗口"), days, at=now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="policies.ics"'
    return answer


def _page(request: HttpRequest, one: Coming) -> str:
    return request.build_absolute_uri(reverse("public:policy", args=[one.policy]))


def of_actor(request: HttpRequest, actor: Actor, on: dt.date) -> Iterator[ical.Day]:
    """The windows that the actor's companies can use and have not used yet."""
    several = len(actor.enterprise_ids) > 1
    for company, one in preparing.windows(actor, on):
        coming = one.item.coming
        page = request.build_absolute_uri(reverse("portal:policies_coming_of", args=[company.pk]))
        key = f"window.{company.pk}.{coming.policy}.{coming.first}"
        owner = company.name if several else ""
        yield from of_window(coming, one.item.entry, on, key=key, page=page, owner=owner)


def of_window(
    one: Coming, entry: Entry, on: dt.date, *, key: str, page: str = "", owner: str = ""
) -> Iterator[ical.Day]:
    """The first day, while it is to come, and the last one. ``owner``: whose, where there are several.

    One that is only expected says so, and nobody is reminded of it.
    """
    if one.last is None:
        return
    name = str(Named(entry.policy.name.zh, entry.policy.name.en))
    if owner:
        name = gettext("%(name)s（%(owner)s）") % {"name": name, "owner": owner}
    expected = one.sort is Sort.EXPECTED
    if expected:
        name = gettext("（预计）%(name)s") % {"name": name}
    span = gettext("%(first)s至%(last)s受理申报") % {"first": shown(one.first), "last": shown(one.last)}
    if expected:
        span = gettext("这一轮还没有公布，日期按上一轮推算，以公布的为准。")
    details = "\n".join([span, *([page] if page else [])])
    if one.first >= on:
        opens = gettext("开始申报：%(name)s") % {"name": name}
        yield ical.Day(f"{key}.opens@qitong", one.first, opens, details, page, () if expected else (_NINE,))
    closes = gettext("申报截止：%(name)s") % {"name": name}
    days = [] if expected else _reminders(one.first, one.last)
    alarms = tuple(day - one.last + _NINE for day in days)
    yield ical.Day(f"{key}.closes@qitong", one.last, closes, details, page, alarms)


def _reminders(first: dt.date, last: dt.date) -> list[dt.date]:
    """When to be reminded of the end: ten working days before, and on the last one before it."""
    calendar = current()
    try:
        eve = calendar.add(last, -1)
    except Refused:  # beyond every calendar
        eve = last - _DAY
    return sorted({closing_from(Window(first, last + _DAY), calendar), max(first, eve)})
