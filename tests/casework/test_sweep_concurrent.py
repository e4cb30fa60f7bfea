"""Two sweeps at once, from two connections: each thing is said once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from qitong.accounts.actors import Actor
from qitong.casework import drafts, intake, sweep
from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case, Reminder
from qitong.casework.move import locked
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from tests.casework.said import accepted
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(transactional_db: None, files: Path) -> Stage:
    return build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))


def at_once(deed: Callable[[], object], times: int = 2) -> list[object]:
    def run() -> object:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run) for _ in range(times)]]


def test_two_sweeps_at_once_remind_once(stage: Stage) -> None:
    for _ in range(5):
        accepted(stage, "rd_super_deduction")
    stage.days(15, hour=10)
    found = at_once(lambda: sweep.run(by=Actor.system("sweep"), at=stage.at), times=3)
    assert sorted(len(f) for f in found if isinstance(f, list)) == [0, 0, 15]
    assert Reminder.objects.count() == 15
    assert Entry.objects.filter(kind__startswith="reminder.").count() == 15
    assert verify().whole


def test_a_case_somebody_is_working_on_is_left_for_the_next_time(stage: Stage) -> None:
    held, other = (accepted(stage, "rd_super_deduction") for _ in range(2))
    stage.days(15, hour=10)

    def sweep_meanwhile() -> object:
        return [f.case_id for f in sweep.run(by=Actor.system("sweep"), at=stage.at)]

    with transaction.atomic():
        locked(held.pk)
        assert at_once(sweep_meanwhile, times=1) == [[other.pk] * 3]
    assert at_once(sweep_meanwhile, times=1) == [[held.pk] * 3]
    assert verify().whole


def test_a_double_click_makes_one_case_and_one_number(stage: Stage) -> None:
    by, at = stage.who(GREEN_CLERK), stage.tick()
    company = stage.cast.company(GREEN).pk
    opened = at_once(
        lambda: drafts.start_request(enterprise_id=company, client_key="one-click", by=by, at=at)
    )
    assert opened[0] == opened[1]
    case = Case.objects.get()
    for field in ("title", "description"):
        drafts.save_field(case_id=case.pk, field=field, value="道路积水", by=by, at=at)
    at_once(lambda: intake.submit(case_id=case.pk, by=by, at=at))
    assert Entry.objects.filter(stream=case.stream, kind="case.submit").count() == 1
