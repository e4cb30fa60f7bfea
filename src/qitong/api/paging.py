"""Pages by position: a cursor names the last row seen, so rows that arrive meanwhile move nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from django.core import signing
from django.db.models import Model
from ninja import Query

from qitong.kernel.errors import Refused
from qitong.kernel.words import say

LARGEST = 100
M = TypeVar("M", bound=Model)

CursorParam = Annotated[str, Query(max_length=300, description="`next` of the page before; opaque")]
LimitParam = Annotated[int, Query(ge=1, le=LARGEST, description="Rows a page")]


def read(cursor: str, *, of: str) -> list[Any] | None:
    """The position in a cursor that was made for ``of``; None without one. Refuses a forged one."""
    if not cursor:
        return None
    try:
        position: list[Any] = signing.loads(cursor, salt=f"qitong.api.{of}")
    except signing.BadSignature:
        raise Refused(say("这个 cursor 无效，请从第一页开始。"), code="bad_cursor", field="cursor") from None
    return position


def cut(rows: Sequence[M], limit: int, *, of: str, by: Sequence[str]) -> tuple[list[M], str | None]:
    """Of ``limit + 1`` rows the page, and the cursor of the next if there is more."""
    page = list(rows[:limit])
    if len(rows) <= limit:
        return page, None
    position = [str(getattr(page[-1], name)) for name in by]
    return page, signing.dumps(position, salt=f"qitong.api.{of}")
