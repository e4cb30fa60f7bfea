"""A worker killed with -9 while it judges who gained: everybody who did is told, and nobody twice."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from qitong.notifications.models import Message
from qitong.policies.change_models import Change, Recheck
from tests.automation.queue import react_to_all
from tests.faults.fleet import our_environment
from tests.policies.desk import AT, FOR_FARMS, company, editors, loaded, new_company, published, turned

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LATER = AT + dt.timedelta(hours=1)
KILLS = (
    ("policies_change", 1),
    ("policies_holding", 2),
    ("policies_recheck", 1),
    ("policies_change", 1),
    ("policies_recheck", 2),
)


def run_judge(folder: Path, table: str, number: int, work: str = "recheck") -> int:
    command = [sys.executable, "-m", "tests.faults.judge", LATER.isoformat(), table, str(number), work]
    return subprocess.run(command, env=our_environment(folder), timeout=120, check=False).returncode


def test_a_worker_killed_over_a_new_company_has_it_judged_once(
    transactional_db: None, tmp_path: Path
) -> None:
    loaded(text=FOR_FARMS)
    made = new_company(1, "A0511")
    for table in ("policies_change", "policies_holding"):
        assert run_judge(tmp_path, table, 1, "reactions") == -9
        assert not Change.objects.exists()
    assert run_judge(tmp_path, "never", 1, "reactions") == 0
    react_to_all(LATER)  # the message that follows from the gain
    react_to_all(LATER)
    assert Change.objects.get().enterprise_id == made.enterprise.pk
    assert Message.objects.filter(kind="policy.gained").count() == 1


def test_a_killed_judge_loses_no_gain_and_repeats_none(transactional_db: None, tmp_path: Path) -> None:
    made = [company(number, 40 if number % 3 else 10) for number in range(1, 10)]
    loaded()
    author, publisher = editors()
    published(turned("4", author), by=publisher, at=LATER)
    for table, number in KILLS:
        assert run_judge(tmp_path, table, number) == -9
        react_to_all(LATER)
    assert Recheck.objects.filter(done_at=None, due_on=LATER.date()).exists()
    assert run_judge(tmp_path, "never", 1) == 0
    assert run_judge(tmp_path, "never", 1) == 0
    react_to_all(LATER)
    gained = {one.enterprise.pk for number, one in enumerate(made, 1) if number % 3}
    assert sorted(Change.objects.values_list("enterprise_id", flat=True)) == sorted(gained)
    told = Message.objects.filter(kind="policy.gained").values_list("recipient_id", flat=True)
    assert sorted(told) == sorted(one.administrator.pk for one in made if one.enterprise.pk in gained)
