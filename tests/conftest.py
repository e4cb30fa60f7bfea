"""One embedded PostgreSQL for the whole run; a database of its own for each worker process."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id: str) -> None:
    """Two runs side by side must not share a database."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})
    settings.DATABASES["default"]["TEST"]["NAME"] = f"test_qitong_{os.getpid()}_{worker_id}"
