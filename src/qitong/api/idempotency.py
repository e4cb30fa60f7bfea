"""``Idempotency-Key``: a retried POST does its work once and is answered the same.

The key is reserved before the work and in the work's transaction, so a crash leaves neither. A
second request with the key waits at the unique index until the first has ended, and then replays
its answer. Only success is kept: a refusal changed nothing, so the same key may try again.

The statements are SQL because the wait is ``INSERT … ON CONFLICT``, which Django does not spell.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from ninja.responses import Status
from pydantic import BaseModel
from pydantic_core import to_json

from qitong.api.auth import acting, is_signed_in, now
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.sql.statements import kept

V = TypeVar("V", bound=Callable[..., Any])
HEADER = "Idempotency-Key"
_UNKEPT = "answer_is_not_kept"
REPLAYED = "Idempotency-Replayed"
LONGEST = 100
JSON = "application/json; charset=utf-8"

_RESERVE = """
INSERT INTO api_idempotency_key (token, method, path, key, request_hash, body, created_at)
VALUES (%s, %s, %s, %s, %s, '', %s) ON CONFLICT DO NOTHING RETURNING id
"""
_FIND = """
SELECT request_hash, status, body FROM api_idempotency_key
WHERE token = %s AND method = %s AND path = %s AND key = %s FOR UPDATE
"""
_KEEP = "UPDATE api_idempotency_key SET status = %s, body = %s WHERE id = %s"
_PURGE = "DELETE FROM api_idempotency_key WHERE created_at < %s"


class _Kept(NamedTuple):
    request_hash: str
    status: int
    body: str


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Around every operation: a POST is one transaction, and with a key it is done once."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if request.method != "POST" or not is_signed_in(request):
            return view(request, *args, **values)
        key = request.headers.get(HEADER, "")
        with transaction.atomic():
            if not key or getattr(view, _UNKEPT, False):
                return view(request, *args, **values)
            digest = _digest(request)
            reserved = _reserve(request, key, digest)
            if isinstance(reserved, _Kept):
                return _replay(reserved, digest)
            response = _rendered(view(request, *args, **values))
            _run(_KEEP, [response.status_code, response.content.decode(), reserved])
            return response

    return guarded


def unkept(view: V) -> V:
    """For an operation that may simply be done again, and whose answer is not to be kept."""
    setattr(view, _UNKEPT, True)
    return view


def purge(*, before: dt.datetime) -> int:
    """Forget the keys reserved before a moment (keep at least a day's); how many were forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, [before])
        return int(cursor.rowcount)


def _reserve(request: HttpRequest, key: str, digest: str) -> int | _Kept:
    """The id of the reserved key, or what was answered under it before."""
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        raise Refused(
            say("Idempotency-Key 最多{n}个可见的 ASCII 字符。", n=LONGEST),
            code="bad_idempotency_key",
            field=HEADER,
        )
    place = [acting(request).ref, request.method, request.path[:300], key]
    while True:  # again only when the key was purged between the two statements
        if reserved := _run(_RESERVE, [*place, digest, now()]):
            return int(reserved[0])
        if found := _run(_FIND, place):
            return _Kept(*found)


def _replay(kept: _Kept, digest: str) -> HttpResponse:
    if kept.request_hash != digest:
        raise Refused(
            say("这个 Idempotency-Key 已用于内容不同的请求。请为新的请求换一个。"),
            code="idempotency_key_reused",
            field=HEADER,
        )
    return HttpResponse(kept.body, status=kept.status, content_type=JSON, headers={REPLAYED: "true"})


def _rendered(result: Any) -> HttpResponse:
    status, value = (result.status_code, result.value) if isinstance(result, Status) else (200, result)
    if not isinstance(value, BaseModel):
        raise TypeError("an operation that is done once answers with a model")
    return HttpResponse(to_json(value), status=status, content_type=JSON)


def _digest(request: HttpRequest) -> str:
    """SHA-256 of what was asked; of the parts of a multipart body, for its boundary differs at every try."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    parts: list[tuple[str, ...]] = [(name, *values) for name, values in sorted(request.POST.lists())]
    for field, files in sorted(request.FILES.lists()):
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            parts.append((field, file.name or "", content.hexdigest()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _run(statement: str, values: list[Any]) -> tuple[Any, ...] | None:
    with kept() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone() if cursor.description else None
        return row
