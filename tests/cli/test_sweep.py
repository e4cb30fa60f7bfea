from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner, Result

from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Reminder
from qitong.cli import main
from qitong.demo.stage import Stage
from tests.world import build

LATE = "2026-03-06T09:30"


@pytest.fixture
def stage(db: None) -> Stage:
    """A case handed in on Tuesday that nobody has contacted."""
    stage = build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    case = stage.apply("91310151MA1JK0001T", "customs_filing", "13800000001")
    stage.submit(case, "13800000001")
    return stage


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["sweep", *args])
    assert result.exit_code == 0, result.output
    return result


def test_a_dry_run_says_what_would_be_done_and_why_not_the_rest_and_changes_nothing(stage: Stage) -> None:
    found = json.loads(run("--dry-run", "--json", "--at", LATE).stdout)
    by_kind = {line["kind"]: line for line in found}
    assert by_kind["contact_overdue"]["would"] is True
    assert by_kind["contact_overdue"]["reason"] == "due"
    assert by_kind["deem_accepted"]["would"] is False
    assert by_kind["deem_accepted"]["reason"] == "not_due_yet"
    assert not Reminder.objects.exists()


def test_a_sweep_does_it_once(stage: Stage) -> None:
    first = json.loads(run("--json", "--at", LATE).stdout)
    assert [line["kind"] for line in first] == ["contact_overdue"]
    assert json.loads(run("--json", "--at", LATE).stdout) == []
    assert Reminder.objects.count() == 1


def test_people_get_a_table(stage: Stage) -> None:
    shown = run("--dry-run", "--at", LATE).stdout
    assert "contact_overdue" in shown
    assert shown.splitlines()[-1].startswith("1 would be done, ")
    assert run("--at", LATE).stdout.splitlines()[-1] == "1 done."


def test_the_future_can_only_be_looked_at(stage: Stage) -> None:
    result = CliRunner().invoke(main, ["sweep", "--at", "2999-01-01T09:30"])
    assert result.exit_code == 2
    assert "only with --dry-run" in result.output
    assert CliRunner().invoke(main, ["sweep", "--at", "tomorrow"]).exit_code == 2
    assert not Reminder.objects.exists()


def test_the_flow_is_printed_from_the_table() -> None:
    result = CliRunner().invoke(main, ["flow"])
    assert result.exit_code == 0
    assert "stateDiagram-v2" in result.stdout
