"""Where an officer stands in a request: the case as read, or nothing (404) when they may not see it."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from qitong.casework import dossier, queries
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting
from qitong.web.workbench.deeds import Place
from qitong.web.workbench.people import Directory


def place_of(request: HttpRequest, number: str) -> Place:
    actor, on = acting(request), today()
    found = dossier.read(actor, number, on=on)
    if found is None:
        raise Http404
    detail = queries.detail(found.case, today=on)
    site = f"{request.scheme}://{request.get_host()}"
    return Place(actor, found, detail, now(), site, Directory(on))
