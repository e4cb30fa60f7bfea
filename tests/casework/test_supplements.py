"""Asking the company once a task, and the pauses the law knows."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.casework import supplements, tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Pause, Supplement, Task
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK, TIDE_CLERK
from qitong.kernel.workdays import PauseReason
from tests.casework.said import accepted, again, doing, refused


@pytest.fixture
def case(stage: Stage) -> Case:
    return accepted(stage, "energy_review")


@pytest.fixture
def task(stage: Stage, case: Case) -> Task:
    key = stage.task(case, "industry_check").pk
    return tasks.claim(task_id=key, **doing(stage, "jw.reviewer"))


def ask(stage: Stage, task: Task) -> Supplement:
    return supplements.ask(task_id=task.pk, question="请补充设备清单", **doing(stage, "jw.reviewer"))


def answer(stage: Stage, asked: Supplement) -> Supplement:
    return supplements.answer(
        supplement_id=asked.pk,
        text="清单见附件",
        files=[("设备清单.pdf", stage.paper("设备清单"))],
        **doing(stage, GREEN_CLERK),
    )


def hold(stage: Stage, task: Task, reason: PauseReason = PauseReason.EXPERT_REVIEW) -> Pause:
    return supplements.pause(task_id=task.pk, reason=reason, note="专家评审", **doing(stage, "jw.reviewer"))


def test_the_departments_clock_stops_and_the_promise_runs_on(stage: Stage, case: Case, task: Task) -> None:
    promise = again(case).promise_due_on
    assert stage.task(case, "industry_check").due_on == dt.date(2026, 3, 19)
    asked = ask(stage, task)
    assert asked.due_on == stage.working_day(5)
    stage.days(4)
    answer(stage, asked)
    # the day of receipt never counted: Wednesday to Friday were paused, Monday counts again
    assert stage.task(case, "industry_check").due_on == dt.date(2026, 3, 24)
    assert again(case).promise_due_on == promise
    assert asked.documents.count() == 1


def test_it_is_asked_once(stage: Stage, task: Task) -> None:
    asked = ask(stage, task)
    with refused("asked_once"):
        ask(stage, task)
    answer(stage, asked)
    with refused("asked_once"):
        ask(stage, task)
    with refused("answered"):
        answer(stage, asked)


def test_only_the_company_answers(stage: Stage, task: Task) -> None:
    asked = ask(stage, task)
    for login in (TIDE_CLERK, "wang.fang", "jw.reviewer"):
        with refused("not_allowed"):
            supplements.answer(supplement_id=asked.pk, text="见附件", files=[], **doing(stage, login))


def test_a_department_that_waits_for_the_company_is_not_pressed(stage: Stage, task: Task) -> None:
    ask(stage, task)
    stage.days(20, hour=10)
    assert task.pk not in {f.task_id for f in stage.sweep()}


def test_a_legal_pause_moves_both_clocks(stage: Stage, case: Case, task: Task) -> None:
    hold(stage, task)
    stage.days(5)
    supplements.resume(task_id=task.pk, **doing(stage, "jw.reviewer"))
    assert again(case).promise_due_on == dt.date(2026, 4, 2)  # four working days after 27 March
    assert stage.task(case, "industry_check").due_on == dt.date(2026, 3, 25)
    assert stage.task(case, "energy_check").due_on == dt.date(2026, 3, 19)


def test_only_reasons_of_the_item_stop_the_promise(stage: Stage, task: Task) -> None:
    with refused("no_legal_reason"):
        hold(stage, task, PauseReason.HEARING)
    with refused("use_supplement"):
        hold(stage, task, PauseReason.AWAITING_SUPPLEMENT)
    hold(stage, task)
    with refused("paused"):
        hold(stage, task)
    with refused("paused"):
        ask(stage, task)


def test_a_clock_that_runs_cannot_be_let_run(stage: Stage, task: Task) -> None:
    with refused("not_paused"):
        supplements.resume(task_id=task.pk, **doing(stage, "jw.reviewer"))


def test_finishing_ends_the_pause_and_a_later_answer_does_not_stretch_it(stage: Stage, task: Task) -> None:
    asked = ask(stage, task)
    tasks.finish(task_id=task.pk, outcome=TaskOutcome.CONCUR, opinion="同意", **doing(stage, "jw.reviewer"))
    ended = Pause.objects.get(task=task).ends_on
    assert ended == stage.day()
    stage.days(3)
    answer(stage, asked)
    assert Pause.objects.get(task=task).ends_on == ended
