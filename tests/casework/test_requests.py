"""A free request: taken apart into tasks, put together into one answer."""

from __future__ import annotations

import pytest

from qitong.casework import delivery, tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK
from tests.casework.said import accepted, again, asked, doing, refused


@pytest.fixture
def case(stage: Stage) -> Case:
    return asked(stage)


def test_the_promises_of_a_request(case: Case, stage: Stage) -> None:
    case = again(case)
    assert case.contact_due_on == stage.working_day(1)
    assert case.plan_due_on == stage.working_day(3)
    assert case.promise_due_on == stage.working_day(15)


def test_the_first_task_keeps_the_promise_of_a_plan(stage: Stage, case: Case) -> None:
    stage.days(4, hour=9)
    assert "plan_overdue" in {f.verdict.kind for f in stage.sweep()}
    stage.dispatch(case, "zjw", "清理管道", days=3)
    stage.days(1, hour=9)
    assert "plan_overdue" not in {f.verdict.kind for f in stage.sweep()}


def test_a_task_may_wait_for_another(stage: Stage, case: Case) -> None:
    first = stage.dispatch(case, "swj", "确认管道走向", days=3)
    second = tasks.dispatch(
        case_id=case.pk,
        department=stage.department("zjw"),
        ask="按走向疏通",
        days=3,
        after=(first.key,),
        **doing(stage, "wang.fang"),
    )
    assert (second.state, second.level) == ("waiting", 2)
    stage.review(case, first.key, TaskOutcome.FINISHED, "走向已标注")
    assert stage.task(case, second.key).state == "enabled"


def test_what_cannot_be_asked_is_refused(stage: Stage, case: Case) -> None:
    for days in (0, 61):
        with refused("days"):
            stage.dispatch(case, "zjw", "疏通", days=days)
    with refused("missing"):
        stage.dispatch(case, "zjw", " ", days=3)
    with refused("after"):
        tasks.dispatch(
            case_id=case.pk,
            department=stage.department("zjw"),
            ask="疏通",
            days=3,
            after=("task-9",),
            **doing(stage, "wang.fang"),
        )
    with refused("not_a_request"):
        stage.dispatch(accepted(stage, "export_tax_refund"), "zjw", "疏通", days=3)


def test_a_department_says_what_it_did(stage: Stage, case: Case) -> None:
    task = stage.dispatch(case, "zjw", "疏通", days=3)
    with refused("missing"):
        stage.review(case, task.key, TaskOutcome.FINISHED, " ")


def test_it_is_answered_by_its_owner_when_nothing_is_open(stage: Stage, case: Case) -> None:
    task = stage.dispatch(case, "zjw", "疏通", days=3)
    with refused("tasks_open") as caught:
        tasks.complete_request(case_id=case.pk, **doing(stage, "wang.fang"))
    assert "建设和管理委员会" in str(caught.value)
    stage.review(case, task.key, TaskOutcome.FINISHED, "已疏通")
    tasks.complete_request(case_id=case.pk, **doing(stage, "wang.fang"))
    with refused("missing"):
        stage.reply(case, " ")
    stage.reply(case, "管道已疏通，雨后请观察。")
    stage.deliver(case)
    assert again(case).certificates.get().title_zh == "诉求办理答复"


def test_a_reopened_request_takes_further_tasks(stage: Stage, case: Case) -> None:
    for key in ("swj", "zjw"):
        task = stage.dispatch(case, key, "疏通管道", days=3)
        stage.review(case, task.key, TaskOutcome.FINISHED, "已疏通")
    tasks.complete_request(case_id=case.pk, **doing(stage, "wang.fang"))
    stage.reply(case, "已疏通")
    stage.deliver(case)
    delivery.reopen(case_id=case.pk, reason="又积水了", keys=["task-2"], **doing(stage, GREEN_CLERK))
    more = [stage.dispatch(case, "swj", "再查管道", days=3).key for _ in range(2)]
    assert more == ["task-3", "task-4"]
    assert set(case.tasks.filter(round=2).values_list("key", flat=True)) == {"task-2", *more}
