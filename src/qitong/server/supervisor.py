"""A few processes that live and end together.

One that dies is started again, unless it dies so often that starting it is no help. When this process
is told to stop, or is itself killed, all of them end.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RESTARTS = 5  # so many within …
WINDOW = 60.0  # … so many seconds, and it is given up
GRACE = 25.0  # seconds from SIGTERM to SIGKILL: longer than web and worker allow themselves
_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self, env: Mapping[str, str]) -> None:
        self.started = [t for t in self.started if t > time.monotonic() - WINDOW] + [time.monotonic()]
        self.process = subprocess.Popen(
            list(self.command),
            env=dict(env),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends them in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509  no threads run here
        )

    @property
    def hopeless(self) -> bool:
        return len(self.started) > RESTARTS


class Supervisor:
    """Starts the children, keeps them alive, ends them. ``env`` is their whole environment."""

    def __init__(self, children: Sequence[Child], env: Mapping[str, str]) -> None:
        self.children = children
        self.env = env
        self.stopping = False

    def run(self, each_second: Callable[[], None]) -> int:
        """Blocks until a stop signal (0) or until a child cannot be kept alive (1)."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        try:
            for child in self.children:
                child.start(self.env)
            while not self.stopping:
                if not self._revive():
                    return 1
                each_second()
                time.sleep(0.2)
            return 0
        finally:
            self.end()

    def end(self) -> None:
        """SIGTERM to all at once, SIGKILL to the group of any that outlives the grace."""
        alive = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                signal_group(process, signal.SIGKILL)
                process.wait()

    def _revive(self) -> bool:
        for child in self.children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            signal_group(child.process, signal.SIGKILL)  # what it may have left behind
            if child.hopeless:
                print(f"{child.name} ended {len(child.started)} times in a minute: stopping", file=sys.stderr)  # noqa: T201
                return False
            print(f"{child.name} ended with {code}: starting it again", file=sys.stderr)  # noqa: T201
            child.start(self.env)
        return True

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal everything in the session that ``process`` leads; nothing there is no error."""
    import os

    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _end_with_parent() -> None:
    """In the child: be told to stop when the supervisor dies, however it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
