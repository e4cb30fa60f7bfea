from __future__ import annotations

import datetime as dt

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer

from qitong.automation import nightly, stalled
from qitong.automation.models import NightlyRun
from qitong.automation.schedule import ON_TIME
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.ledger.models import Checkpoint
from tests.automation.queue import deferred
from tests.notifications.reading import CLERK, COMPANY

NIGHT = dt.datetime(2026, 3, 4, 2, 5, tzinfo=ZONE)


def tick(at: dt.datetime) -> None:
    """What each worker's deferrer does at a moment."""
    deferrer = PeriodicDeferrer(registry=app.periodic_registry)
    due = list(deferrer.get_previous_tasks(at=at.timestamp()))
    async_to_sync(deferrer.defer_jobs)(due)


@pytest.mark.django_db
def test_a_tick_is_deferred_once_however_many_workers_run() -> None:
    before = ProcrastinateJob.objects.filter(task_name="time.sweep").count()
    for _ in range(3):
        tick(NIGHT)
    assert ProcrastinateJob.objects.filter(task_name="time.sweep").count() == before + 1


def test_every_timer_is_a_job_and_only_the_rescuer_has_no_lock() -> None:
    for timer in ON_TIME:
        task = app.tasks[f"time.{timer.name}"]
        assert (task.lock is None) == (timer.name == "retry_stalled")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-04T01:59", "2026-03-03"),
        ("2026-03-04T02:00", "2026-03-04"),
        ("2026-03-04T23:59", "2026-03-04"),
    ],
)
def test_a_night_begins_at_two_in_shanghai(moment: str, day: str) -> None:
    local = dt.datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert nightly.night_of(local.astimezone(dt.UTC)) == dt.date.fromisoformat(day)


@pytest.mark.django_db
def test_the_nightly_tasks_run_once_a_night_and_a_missed_night_is_made_up_for() -> None:
    nightly.run_due(at=NIGHT)
    nightly.run_due(at=NIGHT + dt.timedelta(hours=3))
    assert Checkpoint.objects.count() == 1
    assert set(NightlyRun.objects.values_list("name", "well")) == {
        ("checkpoint", True),
        ("verify", True),
        ("search", True),
        ("figures", True),
        ("old_jobs", True),
        ("old_exports", True),
        ("old_codes", True),
        ("peers", True),
        ("packages", True),
        ("retention", True),
    }
    nightly.run_due(at=NIGHT + dt.timedelta(days=2, hours=9))
    assert Checkpoint.objects.count() == 2


@pytest.mark.django_db
def test_a_nightly_task_that_fails_is_tried_again_at_the_next_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[dt.datetime] = []

    def flaky(*, at: dt.datetime) -> nightly.Result:
        tries.append(at)
        if len(tries) == 1:
            raise OSError("disk is full")
        return nightly.Result(True, "")

    monkeypatch.setattr(nightly, "NIGHTLY", (("flaky", flaky),))
    with pytest.raises(OSError, match="disk is full"):
        nightly.run_due(at=NIGHT)
    assert NightlyRun.objects.get().detail == "OSError: disk is full"
    nightly.run_due(at=NIGHT + dt.timedelta(minutes=15))
    nightly.run_due(at=NIGHT + dt.timedelta(minutes=30))
    assert len(tries) == 2
    assert NightlyRun.objects.get().well


def test_the_job_of_a_dead_worker_is_put_back_and_that_of_a_living_one_is_not(stage: Stage) -> None:
    for _ in range(2):
        stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    dead, living = deferred()[-2:]
    for job, seconds in ((dead, 60), (living, 1)):
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - make_interval(secs => %s)) RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM w)"
                " WHERE id = %s",
                [seconds, job.pk],
            )
    stalled.retry(at=stage.at)
    statuses = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert (statuses[dead.pk], statuses[living.pk]) == ("todo", "doing")


def test_jobs_done_long_ago_are_cleared_away_and_the_rest_stays(stage: Stage) -> None:
    for _ in range(3):
        stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    *others, old, recent, waiting = deferred()
    with connection.cursor() as cursor:
        for job, hours in ((old, nightly.KEEP_DONE_HOURS + 1), (recent, 1)):
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(hours => %s) WHERE job_id = %s",
                [hours, job.pk],
            )
    nightly.delete_old_jobs(at=stage.at)
    left = ProcrastinateJob.objects.filter(task_name="automation.react").values_list("pk", flat=True)
    assert set(left) == {recent.pk, waiting.pk, *(job.pk for job in others)}
