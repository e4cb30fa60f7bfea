from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.processes import until

pytestmark = pytest.mark.slow

# Each child adds a line to a file when it starts: its own process number.
DRIVER = """
import os, sys
from qitong.server.supervisor import Child, Supervisor
note = "import os, time; open({path!r}, 'a').write(f'{{os.getpid()}}\\\\n'); {then}"
child = Child("child", [sys.executable, "-c", note.format(path=sys.argv[1], then=sys.argv[2])])
sys.exit(Supervisor([child], os.environ).run(lambda: None))
"""


def supervised(path: Path, then: str) -> subprocess.Popen[bytes]:
    with path.with_suffix(".log").open("wb") as said:
        return subprocess.Popen([sys.executable, "-c", DRIVER, str(path), then], stderr=said)


def starts(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_alive(number: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    process = supervised(file, "time.sleep(600)")
    os.kill(until(lambda: starts(file), "the first start")[0], signal.SIGKILL)
    second = until(lambda: starts(file)[1:], "the second start")[0]
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not is_alive(second)


def test_a_child_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    process = supervised(file, "raise SystemExit(3)")
    assert process.wait(60) == 1
    assert len(starts(file)) == 6
    assert "child ended 6 times in a minute: stopping" in file.with_suffix(".log").read_text()


def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "starts"
    process = supervised(file, "time.sleep(600)")
    child = until(lambda: starts(file), "the first start")[0]
    process.kill()
    process.wait()
    until(lambda: not is_alive(child), "the child to end")
