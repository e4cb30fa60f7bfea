"""Sessions in the database, each knowing whose it is and on which device.

What the list of devices shows are columns; they follow from the session's own data whenever it is
saved, so the two cannot differ, and a row that is deleted is a login that has ended.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone

from qitong.accounts.models import LoginSession
from qitong.accounts.sessions import ABOUT
from qitong.sql.frozen import Frozen


def _session(key: str, at: dt.datetime) -> QuerySet[LoginSession]:
    return LoginSession.objects.filter(session_key=key, expire_date__gt=at)


_SESSION: Frozen[LoginSession] = Frozen(_session)

SHORTEST = 8


class SessionStore(DatabaseStore):
    """Named by ``SESSION_ENGINE``."""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold what no key does and no database takes: quoted, it can spell a NUL."""
        return bool(key and len(key) >= SHORTEST and key.isascii() and key.isalnum())

    def _get_session_from_db(self) -> LoginSession | None:
        """Asked at every page."""
        found = _SESSION.first(key=self.session_key or "", at=timezone.now())
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Called at every save, before the data is packed."""
        user = data.get(SESSION_KEY)
        if user is not None:
            now = int(timezone.now().timestamp())
            data.setdefault(ABOUT, {"started": now, "seen": now})
        about = data.get(ABOUT)
        row = super().create_model_instance(data)
        if user is None or about is None or not isinstance(row, LoginSession):
            return row
        row.user_id = int(user)
        row.started_at = dt.datetime.fromtimestamp(about["started"], dt.UTC)
        row.seen_at = dt.datetime.fromtimestamp(about["seen"], dt.UTC)
        row.address, row.agent = about.get("address", ""), about.get("agent", "")
        return row
