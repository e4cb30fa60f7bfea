"""Databases of a test's own on the tests' server, for what copies, replaces or migrates a whole one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from qitong.server.database import database_url


@contextmanager
def database(name: str, *, migrated: bool = False) -> Iterator[str]:
    """A database, empty or with every migration applied, dropped with the block; returns its name."""
    full = f"test_qitong_{os.getpid()}_{name}"
    default: Any = settings.DATABASES["default"]
    template = default["TEST"]["TEMPLATE"] if migrated else "template0"
    with psycopg.connect(database_url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{full}" TEMPLATE "{template}"'.encode())
    try:
        yield full
    finally:
        with psycopg.connect(database_url(), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{full}" WITH (FORCE)'.encode())


@contextmanager
def using(name: str) -> Iterator[None]:
    """Django's connection goes to this database within the block."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
