"""Secrets come from the environment; in development they are made once and kept beside the data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from qitong.server.database import data_dir

Found = TypeVar("Found")


def given(name: str, read: Callable[..., Found], *texts: str) -> Found:
    """What ``read`` makes of a setting; where it cannot, the start ends with a sentence that names it."""
    try:
        return read(*texts)
    except ValueError as error:
        raise SystemExit(f"{name}: {error} (see docs/runbook.md)") from error


def one_of(name: str, usual: str, *known: str) -> str:
    """The setting ``name``, which is one of ``known``; ``usual`` where it is not set."""
    return given(name, partial(_one_of, known=known), os.environ.get(name, "") or usual)


def _one_of(text: str, *, known: tuple[str, ...]) -> str:
    if text not in known:
        raise ValueError(f"{text!r} is not one of: {', '.join(known)}")
    return text


def whole(name: str, usual: int, *, least: int = 1) -> int:
    """The setting ``name`` as a whole number, at least ``least``; ``usual`` where it is not set."""
    return given(name, partial(_whole, least=least), os.environ.get(name, "") or str(usual))


def _whole(text: str, *, least: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise ValueError(f"a whole number of at least {least} is needed, not {text!r}")
    return int(text)


def secret(name: str, *, production: bool) -> str:
    """The secret ``name``.

    In production a missing one ends the start with a sentence. In development one is made and
    kept, readable by its owner only, so that sessions survive a restart.
    """
    if value := os.environ.get(name):
        return value
    if production:
        raise SystemExit(f"{name} is not configured; a production start needs it (see docs/runbook.md)")
    path = data_dir() / "secrets" / name.lower()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
