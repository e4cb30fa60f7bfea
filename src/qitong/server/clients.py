"""PostgreSQL's own clients, and a connection beside Django's, on the database in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from qitong.server.database import client

_NOT_LIBPQ = {"cursor_factory", "context", "prepare_threshold", "autocommit", "row_factory"}
_KNOWS_TRANSACTION_TIMEOUT = 170_000


class ClientError(Exception):
    """A client ended badly; the text is what it said."""


def connect(*, autocommit: bool = False) -> psycopg.Connection[Any]:
    """Where Django connects to, but a connection of its own."""
    return psycopg.connect(**_parameters(), autocommit=autocommit)


def run(program: str, *arguments: str) -> None:
    """Run a client on the database in use to its end. Raises ClientError with what it said when it fails."""
    _said([str(client(program)), *_where(), *arguments], _environment())


def table_of_contents(dump: Path) -> str:
    """What ``pg_restore --list`` says is in a dump."""
    return _said([str(client("pg_restore")), "--list", str(dump)], dict(os.environ))


def load(dump: Path, *options: str) -> None:
    """Load a dump into the database in use, all of it or nothing; ``options`` are pg_restore's."""
    with connect() as target:
        old = target.info.server_version < _KNOWS_TRANSACTION_TIMEOUT
    if not old:
        run("pg_restore", "--single-transaction", "--exit-on-error", *options, str(dump))
        return
    source = [str(client("pg_restore")), "--file=-", *options, str(dump)]
    target_ = [str(client("psql")), *_where(), "--no-psqlrc", "--quiet", "--single-transaction"]
    _pipe(source, [*target_, "--set=ON_ERROR_STOP=1", "--output=/dev/null"])


_UNKNOWN = b"SET transaction_timeout = 0;\n"


def _pipe(source: list[str], target: list[str]) -> None:
    """A newer pg_restore begins with a setting that servers before 17 do not know: that line is left out."""
    with tempfile.TemporaryFile() as said:
        reading = subprocess.Popen(source, stdout=subprocess.PIPE, stderr=said)
        writing = subprocess.Popen(target, stdin=subprocess.PIPE, stderr=said, env=_environment())
        assert reading.stdout is not None  # noqa: S101  asked for above
        assert writing.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError), reading.stdout, writing.stdin:
            for line in reading.stdout:
                if line == _UNKNOWN:
                    break
                writing.stdin.write(line)
            shutil.copyfileobj(reading.stdout, writing.stdin)
        if reading.wait() | writing.wait():
            said.seek(0)
            raise ClientError(f"psql: {_first_lines(said.read().decode())}")


def _said(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ClientError(f"{Path(command[0]).name}: {_first_lines(done.stderr) or done.returncode}")
    return done.stdout


def _first_lines(text: str) -> str:
    return " ".join(text.strip().splitlines()[:3])


def _where() -> list[str]:
    """The database in use, without the password: all users of the machine see command lines."""
    return [f"--dbname={make_conninfo(**_parameters() | {'password': None})}"]


def _environment() -> dict[str, str]:
    secret = _parameters().get("password")
    return {**os.environ, **({"PGPASSWORD": str(secret)} if secret else {})}


def _parameters() -> dict[str, Any]:
    """Of Django's connection what libpq knows, too."""
    known = connection.get_connection_params().items()
    return {name: value for name, value in known if name not in _NOT_LIBPQ and value not in ("", None)}
