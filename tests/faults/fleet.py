"""Two web processes and two workers over the test's database, killed with -9 and started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.server.processes import QITONG, data_folder, environment, free_port


@dataclass
class Process:
    """One of the fleet, in a session of its own: killing the session leaves nothing behind."""

    name: str
    command: Sequence[str]
    kills: int = 0
    running: subprocess.Popen[bytes] | None = None

    def start(self, env: Mapping[str, str], log: IO[bytes]) -> None:
        self.running = subprocess.Popen(
            [*QITONG, *self.command], env=env, start_new_session=True, stdout=log, stderr=log
        )

    def kill(self) -> None:
        """As the kernel does when memory is short: no warning, no farewell."""
        if self.running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()


@dataclass
class Fleet:
    processes: list[Process]
    ports: list[int]
    env: Mapping[str, str]
    folder: Path
    log: IO[bytes]
    _next: list[Process] = field(default_factory=list)

    def start(self) -> None:
        for process in self.processes:
            process.start(self.env, self.log)

    def end(self) -> None:
        for process in self.processes:
            process.kill()

    def kill_one(self, chance: random.Random) -> None:
        """The next of all four, in random order, round after round; it starts again at once."""
        self._next = self._next or chance.sample(self.processes, len(self.processes))
        process = self._next.pop()
        process.kill()
        process.kills += 1
        process.start(self.env, self.log)


@contextmanager
def fleet() -> Iterator[Fleet]:
    """Started on free ports of this machine; ended, by number, with the block."""
    ports = [free_port(), free_port()]
    web = [
        Process(f"web-{n}", ["serve", "--port", str(port), "--workers", "1", "--threads", "6"])
        for n, port in enumerate(ports)
    ]
    workers = [Process(f"worker-{n}", ["worker", "--concurrency", "3", "--name", f"w{n}"]) for n in range(2)]
    with data_folder() as folder, (folder / "fleet.log").open("ab") as log:
        made = Fleet([*web, *workers], ports, our_environment(folder), folder, log)
        made.start()
        try:
            yield made
        finally:
            made.end()


def our_environment(folder: Path) -> dict[str, str]:
    """Our own database and keys, so that this process can read and verify what they wrote."""
    connection.ensure_connection()
    known = connection.settings_dict
    user = quote(known["USER"] or "postgres")
    secret = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    host = known["HOST"] or ""
    if host.startswith("/"):
        address = f"{user}{secret}@/{known['NAME']}?host={quote(host, safe='/')}"
        address += f"&port={known['PORT']}" if known["PORT"] else ""
    else:
        address = f"{user}{secret}@{host}:{known['PORT'] or 5432}/{known['NAME']}"
    return environment(
        folder,
        DATABASE_URL=f"postgresql://{address}",
        QITONG_SECRET_KEY=settings.SECRET_KEY,
        QITONG_LEDGER_KEY=settings.LEDGER_KEY,
        QITONG_LOG="ERROR",
        QITONG_LIMITS="api=off",  # one token stands for many companies here
    )


def wait_until(found: object, deadline: float, what: str) -> None:
    """Poll the callable ``found`` until it is true; fail, naming ``what``, at the deadline."""
    assert callable(found)
    while not found():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        time.sleep(0.5)
