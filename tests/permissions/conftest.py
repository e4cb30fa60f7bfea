from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests.permissions import world as worlds
from tests.permissions.world import World


@pytest.fixture(scope="package")
def world(
    django_db_setup: None,
    pages: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for all of this folder, in a transaction that is rolled back; each test in a savepoint."""
    settings = {
        "FILES_DIR": tmp_path_factory.mktemp("files"),
        "IDLE_MINUTES_OFFICERS": 60 * 24 * 365,
        "IDLE_MINUTES_COMPANIES": 60 * 24 * 365,
    }
    with (
        django_db_blocker.unblock(),
        override_settings(**settings),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        made = worlds.make()
        made.stage.days(1)  # the substitutes' day; from here on the clock stands still
        patch.setattr(timezone, "now", lambda: made.stage.at)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def signed_in(world: World, db: None) -> Callable[[str], Client]:
    def sign_in(who: str) -> Client:
        client = Client(raise_request_exception=False)
        if who != "visitor":
            client.force_login(world.user(who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
