"""Jobs that failed or stalled: seen with their reason, tried again, or given up for a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from qitong.automation import nightly, stalled, stuck
from qitong.automation.models import Trouble
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry, Text
from qitong.server.working import work
from tests.server.operations.conftest import a_job, die_doing, status_of

SILENT = dt.timedelta(minutes=1)


def test_a_job_that_kills_its_worker_every_time_is_failed_after_the_third(stage: Stage) -> None:
    job = a_job(stage, status="todo")
    for death in (1, 2, 3):
        die_doing(job)
        stalled.retry(at=stage.tick())
        assert status_of(job) == ("todo" if death < stalled.MOST_STALLS else "failed")
    [entry] = Entry.objects.filter(kind="job.given_up")
    assert (entry.body["job"], entry.body["stalls"], entry.by) == (job, 3, "system:stalled")


def test_a_slow_worker_that_finished_meanwhile_is_left_alone(stage: Stage) -> None:
    job = a_job(stage, status="succeeded", silent=60)
    stalled.retry(at=stage.tick())
    assert status_of(job) == "succeeded"
    assert not Trouble.objects.exists()


def test_the_page_says_why_and_a_retry_puts_it_back(stage: Stage, admin: Client) -> None:
    job = a_job(stage)
    stuck.note(job_id=job, error="OSError: disk is full", at=stage.at)
    page = admin.get("/desk/operations").content.decode()
    assert "OSError: disk is full" in page
    assert str(job) in page
    assert admin.post(f"/desk/operations/jobs/{job}/retry").status_code == 302
    assert status_of(job) == "todo"
    [entry] = Entry.objects.filter(kind="job.retried")
    assert (entry.stream, entry.by) == ("operations", f"user:{stage.cast.user('admin').pk}")


def test_retried_by_a_person_it_has_three_lives_again(stage: Stage, admin: Client) -> None:
    job = a_job(stage)
    Trouble.objects.create(job=job, stalls=3, at=stage.at)
    assert "中断了3次" in admin.get("/desk/operations").content.decode()
    admin.post(f"/desk/operations/jobs/{job}/retry")
    die_doing(job)
    stalled.retry(at=stage.tick())
    assert status_of(job) == "todo"


def test_giving_up_needs_a_reason_and_says_it_in_the_ledger(stage: Stage, admin: Client) -> None:
    job = a_job(stage)
    refused = admin.post(f"/desk/operations/jobs/{job}/discard", {"reason": " "}, follow=True)
    assert "理由" in refused.content.decode()
    assert status_of(job) == "failed"
    admin.post(f"/desk/operations/jobs/{job}/discard", {"reason": "已由人工通知"})
    assert status_of(job) == "cancelled"
    [entry] = Entry.objects.filter(kind="job.discarded")
    assert Text.objects.get(entry=entry).text == "已由人工通知"


def test_the_second_click_is_told_that_it_is_done(stage: Stage, admin: Client) -> None:
    job = a_job(stage)
    admin.post(f"/desk/operations/jobs/{job}/retry")
    answer = admin.post(f"/desk/operations/jobs/{job}/retry", follow=True)
    assert "可能已被重试" in answer.content.decode()
    assert Entry.objects.filter(kind="job.retried").count() == 1


def test_a_job_that_is_waiting_already_is_not_put_beside_itself(stage: Stage, admin: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock = 'notifications.send'")
    first = app.configure_task("notifications.send", queueing_lock="notifications.send").defer()
    die_doing(first, status="failed")
    app.configure_task("notifications.send", queueing_lock="notifications.send").defer()
    answer = admin.post(f"/desk/operations/jobs/{first}/retry", follow=True)
    assert "同样的任务已在等待" in answer.content.decode()
    assert status_of(first) == "failed"


def test_what_stalls_is_listed_until_it_goes_on(stage: Stage, admin: Client) -> None:
    job = a_job(stage, status="doing")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s", [stage.at - SILENT])
    page = admin.get("/desk/operations?list=late").content.decode()
    assert f"{job} · automation.react" in page
    assert "没有回应" in page


def test_troubles_of_jobs_that_are_gone_are_forgotten(stage: Stage) -> None:
    job = a_job(stage)
    Trouble.objects.create(job=job, at=stage.at)
    Trouble.objects.create(job=2**40, at=stage.at)
    nightly.delete_old_jobs(at=stage.at)
    assert list(Trouble.objects.values_list("job", flat=True)) == [job]


@pytest.mark.django_db(transaction=True)
def test_what_a_try_raises_is_kept_beside_the_job_without_personal_data() -> None:
    @app.task(name="test.breaks")
    def breaks() -> None:
        raise ValueError("no such user zhang@corp.cn")

    try:
        job = breaks.defer()
        work(concurrency=1, once=True)
    finally:
        del app.tasks["test.breaks"]
    assert ProcrastinateJob.objects.get(pk=job).status == "failed"
    assert Trouble.objects.get(job=job).error == "ValueError: no such user [mail]"
