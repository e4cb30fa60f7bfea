from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.world import build, early_today

LIN, HE, HUANG = "13800000001", "13800000002", "13800000003"
GREEN, TIDE = "91310151MA1JK0001T", "91310151MA1JK0002X"


@pytest.fixture(scope="session", autouse=True)
def _pages(pages: None) -> None:
    """Every test here reads pages."""


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    """The cast at this moment, for pages look at the clock; files in a folder of the test's own."""
    return build(early_today(now()))


def signed_in(stage: Stage, login: str) -> Client:
    client = Client()
    client.force_login(stage.cast.user(login), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def lin(stage: Stage) -> Client:
    """Lin Xiaoyu of the green company, signed in."""
    return signed_in(stage, LIN)


@pytest.fixture
def he(stage: Stage) -> Client:
    """He Jia of another company."""
    return signed_in(stage, HE)
