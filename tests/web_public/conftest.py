from __future__ import annotations

from pathlib import Path

import pytest

from qitong.accounts.actors import Actor
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.world import build, early_today


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


@pytest.fixture
def catalogue(db: None) -> None:
    """The packaged catalogue, in force today."""
    packaged, problems = check_path(PACKAGED)
    assert packaged is not None, problems
    load(packaged, by=Actor.system("test"), at=now())


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    return build(early_today(now()))
