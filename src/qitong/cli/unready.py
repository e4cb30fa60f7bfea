"""A database that was never set up, or cannot be reached, in one line instead of a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

NOT_SET_UP = "The database is not set up: run qitong migrate"
_MISSING = {"3F000", "42703", "42704", "42883", "42P01"}
"""PostgreSQL's names (its appendix A) for a schema, column, type, function or table that is not there."""
_AWAY = ("08", "28", "3D", "53300", "57P")
"""No connection; not let in; no such database; too many are in; being shut down."""


class UnreadyError(click.ClickException):
    """Status 2: nothing was found wrong, nothing could be looked at."""

    exit_code = 2


def why(error: BaseException) -> UnreadyError | None:
    """What the operator does about ``error``; None when it is another fault, whose traceback is needed."""
    if "psycopg" not in sys.modules:  # so that --help does not wait for it
        return None
    from psycopg import Error, OperationalError

    found = next((cause for cause in _causes(error) if isinstance(cause, Error)), None)
    if found is None:
        return None
    state = found.sqlstate or ""
    if state.startswith(_AWAY) or (isinstance(found, OperationalError) and not state):
        return UnreadyError(f"The database cannot be reached: {' '.join(str(found).split())}")
    return UnreadyError(NOT_SET_UP) if state in _MISSING and _behind() else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _behind() -> bool:
    """Whether migrations are missing: with all applied, a table that is not there is our own fault."""
    from qitong.server.health import unapplied

    return bool(unapplied())
