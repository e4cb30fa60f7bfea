from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

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
def signed_in(world: World, db: None) -> Callable[[str], Client]:
    return world.signed_in
