"""Pages by position, not by number: quick on long lists and steady while rows arrive.

A cursor is opaque and signed; it names the last row seen by (key, id) and the direction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
_SALT = "qitong.paging"


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows in reading order; ``previous`` and ``next`` are URLs, empty where there is nothing more."""

    rows: list[M]
    previous: str
    next: str


def page_of(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    key: str,
    newest_first: bool = True,
    size: int = 25,
    apart: Sequence[QuerySet[M]] = (),
) -> Page[M]:
    """Cut the page that ``?cursor=`` asks for out of ``rows``, ordered by (``key``, pk).

    ``key`` is a field (or annotation) that is never NULL: datetime, date, int or str. An unknown or
    forged cursor shows the first page. One query. ``apart`` are parts of which ``rows`` are made, where
    the page is found sooner in each of them by itself: few rows among many.
    """
    value, pk, backwards = _read(request.GET.get("cursor", ""), key)
    descending = newest_first != backwards
    beyond = Q()
    if pk is not None:
        compare = "lt" if descending else "gt"
        beyond = Q(**{f"{key}__{compare}": value}) | Q(**{key: value, f"pk__{compare}": pk})
    sign = "-" if descending else ""
    order = (f"{sign}{key}", f"{sign}pk")
    if apart:
        first, *rest = [part.filter(beyond).order_by(*order).values("pk")[: size + 1] for part in apart]
        rows = rows.filter(pk__in=first.union(*rest) if rest else first)
    found = list(rows.filter(beyond).order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    before = more if backwards else pk is not None
    after = pk is not None if backwards else more
    return Page(
        rows=found,
        previous=_url(request, key, found[0], backwards=True) if found and before else "",
        next=_url(request, key, found[-1], backwards=False) if found and after else "",
    )


def _url(request: HttpRequest, key: str, row: Model, *, backwards: bool) -> str:
    value: Any = row
    for part in key.split("__"):
        value = getattr(value, part)
    cursor = signing.dumps([key, *_packed(value), row.pk, backwards], salt=_SALT)
    asked = [(k, v) for k, values in request.GET.lists() for v in values if k != "cursor"]
    return f"?{urlencode([*asked, ('cursor', cursor)])}"


def _packed(value: object) -> tuple[str, Any]:
    if isinstance(value, dt.datetime):
        return "datetime", value.isoformat()
    if isinstance(value, dt.date):
        return "date", value.isoformat()
    return "plain", value


def _read(cursor: str, key: str) -> tuple[Any, Any, bool]:
    if not cursor:
        return None, None, False
    try:
        made_for, kind, value, pk, backwards = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None, None, False
    if made_for != key:
        return None, None, False
    unpack = {"datetime": dt.datetime.fromisoformat, "date": dt.date.fromisoformat}.get(kind)
    return (unpack(value) if unpack else value), pk, bool(backwards)
