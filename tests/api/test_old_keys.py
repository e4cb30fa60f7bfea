from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from qitong.api.jobs import KEPT, purge_keys
from qitong.api.models import IdempotencyKey
from qitong.demo.stage import Stage


def key(name: str, age: dt.timedelta) -> None:
    IdempotencyKey.objects.create(
        token="token:1",
        method="POST",
        path="/",
        key=name,
        request_hash="",
        created_at=timezone.now() - age,
    )


def test_keys_are_forgotten_after_two_days_and_not_before(stage: Stage) -> None:
    key("old", KEPT + dt.timedelta(minutes=1))
    key("new", KEPT - dt.timedelta(minutes=1))
    purge_keys(0)
    assert [kept.key for kept in IdempotencyKey.objects.all()] == ["new"]


def test_the_worker_does_it_every_hour() -> None:
    assert ("api.purge_keys", "") in app.periodic_registry.periodic_tasks
