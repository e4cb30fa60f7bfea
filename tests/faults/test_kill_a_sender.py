"""A sender killed with -9 between intent and effect: the message is not lost and not sent twice."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.notifications.models import Channel, Delivery, State
from qitong.notifications.sending import RESERVED
from tests.automation.queue import react_to_all
from tests.faults.fleet import our_environment
from tests.world import build

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """One case handed in: the company and the owner are to be told."""
    stage = build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    stage.submit(stage.apply("91310151MA1JK0001T", "customs_filing", "13800000001"), "13800000001")
    react_to_all(stage.at)
    return stage


def run_sender(folder: Path, at: dt.datetime, killed: str) -> int:
    command = [sys.executable, "-m", "tests.faults.sender", str(folder), at.isoformat(), killed]
    env = our_environment(folder)
    return subprocess.run(command, env=env, timeout=120, check=False).returncode


def states() -> list[str]:
    return sorted(Delivery.objects.filter(channel=Channel.CONSOLE).values_list("state", flat=True))


@pytest.mark.parametrize("killed", ["before", "after"])
def test_a_killed_sender_loses_no_message_and_repeats_none(stage: Stage, tmp_path: Path, killed: str) -> None:
    assert run_sender(tmp_path, stage.at, killed) == -9
    assert states() == [State.PENDING, State.PENDING]
    assert run_sender(tmp_path, stage.at + RESERVED, "never") == 0
    assert states() == [State.SENT, State.SENT]
    keys = {str(d.key) for d in Delivery.objects.filter(channel=Channel.CONSOLE)}
    assert {file.stem for file in tmp_path.glob("*.sent")} == keys
    calls = (tmp_path / "calls").read_text().split()
    assert len(calls) == (3 if killed == "after" else 2)
    assert run_sender(tmp_path, stage.at + RESERVED * 3, "never") == 0
    assert (tmp_path / "calls").read_text().split() == calls
