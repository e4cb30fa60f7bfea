"""The program's own web and worker processes, on a port of this machine alone, for a while."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS, STOP_SECONDS = 60, 30


@contextmanager
def served(*, worker: bool = True) -> Iterator[tuple[int, dict[str, int]]]:
    """The port, and the process of each: ``web`` (with its children) and ``worker``. Ended afterwards."""
    port = _free()
    commands = {"web": ["serve", "--port", str(port)]} | ({"worker": ["worker"]} if worker else {})
    with Path(os.environ["QITONG_DATA"], "serving.log").open("ab") as log:
        started = {
            name: subprocess.Popen([sys.executable, "-m", "qitong", *command], stderr=log)
            for name, command in commands.items()
        }
        try:
            _wait(port)
            yield port, {name: process.pid for name, process in started.items()}
        finally:
            _end(list(started.values()))


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except urllib.error.HTTPError:  # it answers, though it misses a worker
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the web process did not answer, see serving.log")
