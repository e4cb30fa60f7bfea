"""Two PostgreSQL servers of a test's own, one following the other, from the wheel's binaries.

They run as the wheel's own user when the tests run as root, for PostgreSQL refuses that. ``fsync`` is off:
here processes are killed, not the machine.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from qitong.server.database import client, database_url
from tests.server.processes import free_port, until

USER = "pgserver"
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=100")


@dataclass
class Server:
    """``folder`` holds its data; ``process`` is its postmaster, started and ended here."""

    name: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self, *settings: str) -> None:
        options = [part for setting in (*SETTINGS, *settings) for part in ("-c", setting)]
        command = [str(client("postgres")), "-D", str(self.folder / "pg"), "-p", str(self.port), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=_user(),
                group=_user(),
                extra_groups=_groups(),
            )
        until(self.answers, f"{self.name} to answer")

    def answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def ask(self, sql: str) -> Any:
        """The first value that the server answers, as its superuser."""
        with psycopg.connect(self.address("postgres"), autocommit=True, connect_timeout=3) as line:
            answer = line.execute(sql.encode())
            return (answer.fetchone() or (None,))[0] if answer.description else None

    def address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def kill(self) -> None:
        """The postmaster at once, as -9 does; what it had started sees that and ends."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            self.process.wait(30)


@contextmanager
def primary(folder: Path) -> Iterator[Server]:
    """A fresh server that can be followed."""
    server = _new("one", folder)
    _run(
        "initdb",
        "--auth=trust",
        "--username=postgres",
        "--encoding=utf8",
        "--no-sync",
        "-D",
        server.folder / "pg",
    )
    server.start("wal_level=replica")
    try:
        yield server
    finally:
        server.end()


@contextmanager
def replica(of: Server, folder: Path) -> Iterator[Server]:
    """A copy that follows; from now on nothing is acknowledged by ``of`` before it is in this one, too."""
    server = _new("two", folder)
    source = f"host=127.0.0.1 port={of.port} user=postgres"
    _run("pg_basebackup", "--checkpoint=fast", "--no-sync", "-R", "-d", source, "-D", server.folder / "pg")
    server.start(f"primary_conninfo={source} application_name=two")
    of.ask("ALTER SYSTEM SET synchronous_standby_names = 'two'")
    of.ask("SELECT pg_reload_conf()")
    until(lambda: of.ask("SELECT sync_state FROM pg_stat_replication") == "sync", "the replica to follow")
    try:
        yield server
    finally:
        server.end()


def _new(name: str, folder: Path) -> Server:
    database_url()  # the embedded server has been started: its user exists and may read the binaries
    place = folder / name
    place.mkdir()
    if os.geteuid() == 0:
        os.chown(place, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
    return Server(name, place, free_port())


def _run(program: str, *arguments: str | Path) -> None:
    command = [str(client(program)), *map(str, arguments)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        user=_user(),
        group=_user(),
        extra_groups=_groups(),
    )
    assert done.returncode == 0, done.stderr


def _user() -> str | None:
    return USER if os.geteuid() == 0 else None


def _groups() -> list[str] | None:
    return [] if os.geteuid() == 0 else None
