"""What lies on the desks of the demonstration at the moment it is played."""

from __future__ import annotations

from collections import Counter

from qitong.casework import queries
from qitong.casework.models import Case, Reminder, Supplement, Task
from qitong.demo.inbox import inbox
from qitong.demo.stage import Stage


def test_every_desk_has_something_on_it(stage: Stage) -> None:
    inbox(stage)
    states = Counter(Case.objects.values_list("state", flat=True))
    assert states["draft"] == 2
    assert states["submitted"] == 2
    assert {"correction", "in_review", "awaiting_decision", "delivered"} <= states.keys()
    assert Task.objects.filter(state="returned").exists()
    assert Supplement.objects.filter(answered_at=None).exists()


def test_one_case_is_overdue_and_one_is_near_its_day(stage: Stage) -> None:
    inbox(stage)
    seen = queries.summaries(queries.listed(stage.who("wu.hong")), today=stage.day())
    colours = {row.case.title.partition("（")[0]: row.light.colour.value for row in seen}
    assert colours["研发费用加计扣除享受"] == "red"
    assert colours["出口退"] == "amber"


def test_the_sweep_has_spoken_of_what_is_late(stage: Stage) -> None:
    inbox(stage)
    kinds = set(Reminder.objects.values_list("kind", flat=True))
    assert {"department_silent", "task_overdue", "promise_near", "promise_overdue"} <= kinds


def test_nothing_happens_after_the_moment_of_the_stage(stage: Stage) -> None:
    now = stage.at
    inbox(stage)
    assert not Case.objects.filter(submitted_at__gt=now).exists()
    assert not Reminder.objects.filter(raised_at__gt=now).exists()
