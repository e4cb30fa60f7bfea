from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from qitong.automation import nightly
from qitong.automation.health import problems
from qitong.automation.models import NightlyRun
from qitong.casework.logic.clock import ZONE
from qitong.datashare.models import Document, Scan
from qitong.demo.stage import Stage
from qitong.notifications.models import Delivery, State
from tests.automation.queue import react_to_all
from tests.notifications.reading import CLERK, COMPANY

AT = dt.datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)


def codes(at: dt.datetime) -> list[str]:
    found = problems(at=at)
    assert all(str(problem.sentence).endswith("。") for problem in found)
    return [problem.code for problem in found]


@pytest.mark.django_db
def test_a_new_installation_is_well_and_so_is_one_after_its_first_night() -> None:
    assert codes(AT) == []
    nightly.run_due(at=AT)
    assert codes(AT) == []


@pytest.mark.django_db
def test_a_broken_ledger_stays_red_until_a_night_finds_it_whole() -> None:
    NightlyRun.objects.create(
        name="verify", day=AT.date(), started_at=AT, finished_at=AT, well=False, detail="case:1 2: edited"
    )
    assert codes(AT) == ["nightly_verify"]
    nightly.run_due(at=AT + dt.timedelta(days=1))
    assert codes(AT + dt.timedelta(days=1)) == []


@pytest.mark.django_db
def test_nights_without_a_worker_are_named() -> None:
    nightly.run_due(at=AT)
    assert codes(AT + dt.timedelta(days=1)) == []
    assert codes(AT + dt.timedelta(days=2)) == [
        "nightly_checkpoint_late",
        "nightly_verify_late",
        "nightly_search_late",
        "nightly_figures_late",
        "nightly_old_jobs_late",
        "nightly_old_exports_late",
        "nightly_old_codes_late",
        "nightly_peers_late",
        "nightly_packages_late",
        "nightly_retention_late",
    ]


def test_dead_and_late_messages_are_counted(stage: Stage) -> None:
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    react_to_all(stage.at)
    assert codes(stage.at) == []
    assert codes(stage.at + dt.timedelta(hours=1)) == ["messages_late"]
    Delivery.objects.filter(state=State.PENDING).update(state=State.DEAD, error="gone", next_attempt_at=None)
    assert codes(stage.at + dt.timedelta(hours=1)) == ["messages_dead"]


def test_a_scanner_that_does_not_answer_is_named(stage: Stage) -> None:
    stage.apply(COMPANY, "customs_filing", CLERK)
    Document.objects.update(scan=Scan.PENDING)
    assert "scans_late" in codes(stage.at + dt.timedelta(hours=1))


def test_failed_jobs_are_counted(stage: Stage) -> None:
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert codes(stage.at) == ["jobs_failed"]
