"""Statements of our own that are asked at every move: kept by the server, told only their values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def kept() -> Iterator[CursorWrapper]:
    """A cursor for a text that is always the same: its values may not be part of it."""
    with prepared(), connection.cursor() as cursor:
        yield cursor


def prepared() -> AbstractContextManager[None]:
    """What is asked within is kept by the server, by whichever cursor."""
    of_ours: Any = connection  # server/postgres/base.py
    kept_there: AbstractContextManager[None] = of_ours.prepared()
    return kept_there
