from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.policies.check import packaged
from qitong.policies.publish import load
from tests.world import build


def with_policies(stage: Stage) -> None:
    """The policies of the park, in force since before."""
    load(packaged(), by=Actor.system("test"), at=stage.at - dt.timedelta(days=30))


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    """The cast on a Tuesday morning, with the catalogue published and the rota set."""
    return build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE), with_policies)
