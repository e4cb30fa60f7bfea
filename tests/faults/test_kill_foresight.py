"""A worker killed with -9 while it looks ahead: facts that lapse, windows called out, companies counted."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from qitong.accounts.actors import actor_for
from qitong.kernel.limits import SHANGHAI
from qitong.notifications.models import Message
from qitong.policies import facts
from qitong.policies.change_models import Change
from qitong.policies.models import Estimate, Lapse, Notice, Outlook
from tests.automation.queue import react_to_all
from tests.faults.fleet import our_environment
from tests.policies.desk import AT, TEXT, company, loaded

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OPENS = TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2026-12-01, close: 2027-01-20")
OPENED = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
NEW_YEAR = dt.datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)


def run(folder: Path, at: dt.datetime, work: str, table: str = "never", number: int = 1) -> int:
    command = [sys.executable, "-m", "tests.faults.judge", at.isoformat(), table, str(number), work]
    return subprocess.run(command, env=our_environment(folder), timeout=120, check=False).returncode


def test_every_company_is_told_of_its_window_once(transactional_db: None, tmp_path: Path) -> None:
    made = [company(number, 60) for number in range(1, 8)]
    loaded(text=OPENS)
    react_to_all(AT)
    for table, number in (("policies_notice", 1), ("policies_call", 2), ("policies_notice", 2)):
        assert run(tmp_path, OPENED, "calling", table, number) == -9
        react_to_all(OPENED)
    for _ in range(2):
        assert run(tmp_path, OPENED, "calling") == 0
    react_to_all(OPENED)
    told = Message.objects.filter(kind="policy.window_opens").values_list("recipient_id", flat=True)
    assert sorted(told) == sorted(one.administrator.pk for one in made)
    assert Notice.objects.count() == len(made)


def test_every_company_is_counted_once(transactional_db: None, tmp_path: Path) -> None:
    for number in range(1, 8):
        company(number, 60 if number % 2 else 40)
    loaded(text=OPENS)
    for table, number in (("policies_outlook", 2), ("policies_estimate", 3), ("policies_outlook", 4)):
        assert run(tmp_path, AT, "outlooks", table, number) == -9
    assert run(tmp_path, AT, "outlooks") == 0
    assert not Outlook.objects.filter(done_at=None).exists()
    for row in Estimate.objects.all():
        assert (row.eligible, row.near, row.outlook.judged) == (4, 3, 7)
    assert Estimate.objects.count() == 2  # the window lies in two quarters


def test_every_fact_that_lapses_is_judged_once(transactional_db: None, tmp_path: Path) -> None:
    made = [company(number, None, None) for number in range(1, 8)]
    loaded(text=OPENS)
    for one in made:
        by = actor_for(one.administrator, on=AT.date())
        for name, value in (("green_spent", 60), ("green_sales", 1000)):
            facts.answer(enterprise_id=one.enterprise.pk, name=name, value=value, by=by, at=AT)
    react_to_all(AT)
    assert Change.objects.count() == 7
    for table, number in (("policies_change", 1), ("policies_holding", 2), ("policies_change", 2)):
        assert run(tmp_path, NEW_YEAR, "lapsing", table, number) == -9
    for _ in range(2):
        assert run(tmp_path, NEW_YEAR, "lapsing") == 0
    turns = Change.objects.filter(turn=2).values_list("enterprise_id", "kind")
    assert sorted(turns) == sorted((one.enterprise.pk, "unknown") for one in made)
    assert not Lapse.objects.exists()
