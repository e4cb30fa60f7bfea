from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from tests.world import build


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    """The cast on a Tuesday morning."""
    return build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
