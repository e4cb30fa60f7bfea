from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from tools.messages import LOCALE, compile_all

from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.world import build

LIN, HE, HUANG = "13800000001", "13800000002", "13800000003"
GREEN, TIDE = "91310151MA1JK0001T", "91310151MA1JK0002X"


@pytest.fixture(scope="session", autouse=True)
def english() -> Iterator[None]:
    """Pages in English need the compiled texts; nothing is collected in tests, so no static root."""
    compile_all(LOCALE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.STATIC_ROOT", None)
        yield


@pytest.fixture
def stage(db: None, settings: Settings, tmp_path: Path) -> Stage:
    """The cast at this moment, for pages look at the clock; files in a folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_DIR = tmp_path / "files"
    return build(now())


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
