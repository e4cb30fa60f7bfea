from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.utils import timezone

from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from tests.api.caller import Caller, Callers
from tests.world import build


@pytest.fixture
def stage(db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The cast on a Tuesday morning; the machine's clock shows the stage's time."""
    settings.ROOT_URLCONF = "tests.api.urls"
    built = build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    monkeypatch.setattr(timezone, "now", lambda: built.at)
    return built


@pytest.fixture
def callers(stage: Stage) -> Callers:
    return Callers(stage)


@pytest.fixture
def company(callers: Callers) -> Caller:
    return callers.company()


@pytest.fixture
def window(callers: Callers) -> Caller:
    return callers.window()
