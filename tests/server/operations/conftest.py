from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from tests.automation.queue import deferred, react_to_all
from tests.world import build

COMPANY, CLERK = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The cast on a Tuesday morning; the page's clock is the stage's."""
    stage = build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    monkeypatch.setattr(timezone, "now", stage.tick)
    return stage


@pytest.fixture
def admin(stage: Stage) -> Client:
    client = Client()
    client.force_login(stage.cast.user("admin"))
    return client


def a_job(stage: Stage, *, status: str = "failed", silent: int = 0) -> int:
    """What follows from a submission, in this state; ``silent`` seconds ago its worker was last heard of."""
    react_to_all(stage.at)
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    job = deferred()[0].pk
    die_doing(job, silent=silent, status=status)
    return job


def die_doing(job: int, *, silent: int = 60, status: str = "doing") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id)"
            " UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status,"
            " worker_id = (SELECT id FROM w) WHERE id = %s",
            [silent, status, job],
        )


def status_of(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job])
        return str((cursor.fetchone() or ("",))[0])
