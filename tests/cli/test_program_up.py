"""One command to a living system, and nothing left when it ends."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.processes import (
    QITONG,
    data_folder,
    environment,
    free_port,
    health,
    qitong,
    running_in,
    started,
    until,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    with data_folder() as made:
        yield made


def up(port: int) -> list[str]:
    return [*QITONG, "up", "--no-demo", "--port", str(port)]


def command_of(number: int) -> str:
    return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_it_comes_up_from_nothing_and_ends_all_it_started(folder: Path, number: signal.Signals) -> None:
    port = free_port()
    with started(up(port), environment(folder)) as process:
        until(lambda: health(port).get("status") == "ok", "a healthy system")
        process.send_signal(number)
        assert process.wait(60) == 0
    assert not running_in(folder)


def test_killed_parts_come_back_and_nothing_outlives_a_killed_whole(folder: Path) -> None:
    port = free_port()
    with started(up(port), environment(folder)) as process:
        until(lambda: health(port).get("status") == "ok", "a healthy system")
        web = next(n for n in running_in(folder) if f"serve --host 127.0.0.1 --port {port}" in command_of(n))
        os.kill(web, signal.SIGKILL)
        until(lambda: health(port) == {} or web not in running_in(folder), "the web to be gone")
        until(lambda: health(port).get("status") == "ok", "the web to be back")
        process.kill()
        process.wait()
        until(lambda: not health(port), "the web to end with its supervisor")
    # PostgreSQL itself stays, unharmed, and the next to use it stops it.
    assert qitong("migrate", "--check", env=environment(folder)).returncode == 0
    until(lambda: not running_in(folder), "everything to end")


def test_a_port_that_is_taken_is_said_before_anything_starts(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        done = qitong("up", "--port", str(port), env=environment(folder))
    assert done.returncode == 1
    assert f"127.0.0.1:{port} is not free" in done.stderr
    assert not (folder / "pg").exists()
