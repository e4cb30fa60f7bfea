"""A task that is not one's own goes back to the owner, who has one working day to route it again."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.casework import supplements, tasks
from qitong.casework.models import Case, Task
from qitong.demo.stage import Stage
from tests.casework.said import again, asked, doing, refused


@pytest.fixture
def case(stage: Stage) -> Case:
    return asked(stage)


@pytest.fixture
def task(stage: Stage, case: Case) -> Task:
    return stage.dispatch(case, "gzj", "确认排水设施权属", days=5)


def give_back(stage: Stage, task: Task) -> Task:
    return tasks.return_task(task_id=task.pk, reason="排水设施归水务局管理", **doing(stage, "gzj.reviewer"))


def test_it_says_why_and_until_when_it_is_routed_again(stage: Stage, task: Task) -> None:
    with refused("missing"):
        tasks.return_task(task_id=task.pk, reason="  ", **doing(stage, "gzj.reviewer"))
    back = give_back(stage, task)
    assert (back.state, back.assignee, back.return_reason) == ("returned", None, "排水设施归水务局管理")
    assert back.reroute_due_on == dt.date(2026, 3, 4)


def test_the_owner_gives_it_to_another_department_and_its_clock_starts_anew(
    stage: Stage, case: Case, task: Task
) -> None:
    promise = again(case).promise_due_on
    give_back(stage, task)
    stage.days(1)
    with refused("same"):
        tasks.reroute(task_id=task.pk, to=stage.department("gzj"), note="", **doing(stage, "wang.fang"))
    with refused("not_allowed"):
        tasks.reroute(task_id=task.pk, to=stage.department("swj"), note="", **doing(stage, "li.qiang"))
    moved = tasks.reroute(
        task_id=task.pk, to=stage.department("swj"), note="请水务局办理", **doing(stage, "wang.fang")
    )
    assert (moved.state, moved.department.code) == ("enabled", "swj")
    assert (moved.counted_from, moved.due_on) == (dt.date(2026, 3, 4), dt.date(2026, 3, 11))
    assert again(case).promise_due_on == promise


def test_one_that_is_not_routed_again_in_time_is_said_every_working_day(stage: Stage, task: Task) -> None:
    give_back(stage, task)
    stage.days(1, hour=16)
    assert "reroute_overdue" not in {f.verdict.kind for f in stage.sweep()}
    for _ in range(2):
        stage.days(1, hour=9)
        assert "reroute_overdue" in {f.verdict.kind for f in stage.sweep()}


def test_a_question_to_the_company_does_not_stop_the_next_departments_clock(stage: Stage, task: Task) -> None:
    tasks.claim(task_id=task.pk, **doing(stage, "gzj.reviewer"))
    supplements.ask(task_id=task.pk, question="请标注位置", **doing(stage, "gzj.reviewer"))
    give_back(stage, task)
    assert not task.pauses.filter(ends_on=None).exists()


def test_an_answer_to_the_company_waits_until_it_is_routed(stage: Stage, case: Case, task: Task) -> None:
    give_back(stage, task)
    with refused("tasks_open"):
        tasks.complete_request(case_id=case.pk, **doing(stage, "wang.fang"))
