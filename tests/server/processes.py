"""Real processes for tests of real processes: started here, ended here, counted here."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

QITONG = (sys.executable, "-m", "qitong")
T = TypeVar("T")
PATIENCE = 60.0  # seconds; two cores may be shared with much else


@contextmanager
def data_folder() -> Iterator[Path]:
    """An empty data folder, not under pytest's own, whose permissions keep PostgreSQL's user out."""
    from qitong.server.database import data_dir

    data_dir().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=data_dir()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for number in running_in(folder):
            os.kill(number, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """This environment, with the data in ``folder`` and no other database."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PORT"}}
    return {**kept, "QITONG_DATA": str(folder), **more}


def qitong(*args: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*QITONG, *args], env=env, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def started(
    command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block."""
    process = subprocess.Popen(command, env=env, cwd=cwd, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(found: Callable[[], T], what: str) -> T:
    """The first truthy answer of ``found``; fails, naming ``what``, after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := found()):
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.1)
    return answer


def health(port: int) -> dict[str, str]:
    """What /healthz says; empty while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except OSError:
        return {}


def running_in(folder: Path) -> list[int]:
    """The processes whose command or environment names ``folder``, this one left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            alive = "\nState:\tZ" not in (entry / "status").read_text()
        except OSError:
            continue
        if str(folder).encode() in said and alive:
            found.append(int(entry.name))
    return found
