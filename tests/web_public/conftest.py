from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from tools.messages import LOCALE, compile_all

from qitong.accounts.actors import Actor
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.demo.stage import Stage
from qitong.web.common.dates import now
from tests.world import build


@pytest.fixture(scope="session", autouse=True)
def english() -> Iterator[None]:
    """Pages in English need the compiled texts; nothing is collected in tests, so no static root."""
    compile_all(LOCALE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.STATIC_ROOT", None)
        yield


@pytest.fixture
def catalogue(db: None) -> None:
    """The packaged catalogue, in force today."""
    packaged, problems = check_path(PACKAGED)
    assert packaged is not None, problems
    load(packaged, by=Actor.system("test"), at=now())


@pytest.fixture
def stage(db: None, settings: Settings, tmp_path: Path) -> Stage:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_DIR = tmp_path / "files"
    return build(now())
