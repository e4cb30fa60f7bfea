from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qitong.server.database import program_of
from tests.server.processes import (
    QITONG,
    data_folder,
    environment,
    free_port,
    qitong,
    running_in,
    started,
    until,
)

pytestmark = pytest.mark.slow

HOLDS = """
import sys
from qitong.server.database import data_dir, hold
hold(data_dir())
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with data_folder() as made:
        yield made


def holder(folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS], env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def leave(process: subprocess.Popen[bytes]) -> None:
    process.communicate(timeout=60)


def test_the_last_to_leave_stops_it_even_after_a_kill(folder: Path) -> None:
    first, second, third = (holder(folder) for _ in range(3))
    first.kill()
    first.communicate()
    leave(second)
    assert running_in(folder / "pg"), "the third still uses it"
    leave(third)
    assert not running_in(folder)


def test_it_starts_again_after_a_crash_that_left_its_number_to_another_program(folder: Path) -> None:
    leave(holder(folder))
    state = folder / "pg" / "postmaster.pid"
    state.write_text(f"{os.getpid()}\n{folder}/pg\n1700000000\n5432\n{folder}/pg\n\n\nready\n")
    again = holder(folder)
    assert state.read_text().splitlines()[0] != str(os.getpid())
    leave(again)


@pytest.mark.skipif(not shutil.which("ps"), reason="no ps, which every system without /proc has")
def test_whose_a_number_is_is_known_without_proc_too(tmp_path: Path) -> None:
    own = program_of(os.getpid())
    assert own.startswith("py")
    assert program_of(os.getpid(), proc=tmp_path) == own
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert [program_of(ended.pid), program_of(ended.pid, proc=tmp_path)] == ["", ""]


def test_a_deep_folder_works_although_a_socket_cannot_lie_there(folder: Path) -> None:
    deep = folder / "a-long-name-for-a-folder" / "another-long-name-for-a-folder" / "and-one-more-of-them"
    asked = qitong("psql", "-tA", "-c", "select 6 * 7", env=environment(deep))
    assert (asked.returncode, asked.stdout) == (0, "42\n")


def test_another_user_s_lock_in_the_common_folder_does_not_lock_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".lockfile").mkdir()  # what the wheel would open; even root cannot
    env = environment(folder, TMPDIR=str(tmp_path))
    assert qitong("psql", "-c", "select 1", env=env).returncode == 0


def test_psql_starts_it_for_as_long_as_it_runs(folder: Path) -> None:
    asked = qitong("psql", "-tA", "-c", "select 6 * 7", env=environment(folder))
    assert (asked.returncode, asked.stdout) == (0, "42\n")
    assert not running_in(folder)


def test_psql_joins_one_that_is_running_and_hands_on_its_exit_code(folder: Path) -> None:
    other = holder(folder)
    assert qitong("psql", "-c", "select 1/0", env=environment(folder)).returncode == 1
    assert running_in(folder / "pg"), "psql leaves what others use"
    leave(other)


def test_two_migrations_at_once_apply_each_once(folder: Path) -> None:
    env = environment(folder)
    keeper = holder(folder)
    pair = [subprocess.Popen([*QITONG, "migrate"], env=env) for _ in range(2)]
    assert [process.wait(120) for process in pair] == [0, 0]
    assert qitong("migrate", "--check", env=env).returncode == 0
    leave(keeper)


def test_an_existing_server_on_a_port_is_used_instead(folder: Path) -> None:
    from qitong.server.database import client

    leave(holder(folder))  # makes the cluster
    port = free_port()
    command = [str(client("postgres")), "-D", str(folder / "pg"), "-h", "127.0.0.1", "-p", str(port)]
    owner = (folder / "pg").owner()
    demote = (
        ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups"] if os.geteuid() == 0 else []
    )
    other = folder / "other"
    env = environment(other, DATABASE_URL=f"postgresql://postgres:pw@127.0.0.1:{port}/postgres")
    with started([*demote, *command], env=environment(folder)) as server:
        until(lambda: qitong("psql", "-c", "select 1", env=env).returncode == 0, "the server on a port")
        assert qitong("migrate", env=env).returncode == 0
        where = qitong("psql", "-tA", "-c", "select inet_server_port()", env=env).stdout.strip()
        assert where == str(port)
        assert not (other / "pg").exists()
        server.send_signal(signal.SIGINT)
        server.wait(60)
