from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.fuzz.budget import BUDGET, TIMES, Tried
from tests.permissions.world import World, standing


@pytest.fixture(scope="package")
def world(
    django_db_setup: None,
    pages: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Iterator[Tried]:
    """Fails a test that was given fewer inputs than the table promises."""
    name = request.node.originalname
    counted = Tried(name)
    yield counted
    if not request.session.testsfailed:
        assert counted.count >= BUDGET[name].each * TIMES, f"{name} was given {counted.count} inputs"
