from __future__ import annotations

from qitong.casework.models import Case, Pause, Supplement
from qitong.demo.stage import Stage
from qitong.demo.stories import request_across_departments


def test_three_departments_work_on_one_request_at_once_and_give_one_answer(stage: Stage) -> None:
    case = Case.objects.get(pk=request_across_departments(stage).pk)
    tasks = list(case.tasks.select_related("department").order_by("key"))
    assert [t.department.code for t in tasks] == ["hg", "gzj", "fgj"]
    assert [t.state for t in tasks] == ["done"] * 3
    assert case.state == "closed"
    assert case.decisions.get().grounds


def test_a_task_that_was_not_its_own_went_on_to_another_department(stage: Stage) -> None:
    case = request_across_departments(stage)
    housing = case.tasks.get(key="task-3")
    assert housing.department.code == "fgj"
    assert "房屋管理局" in housing.return_reason


def test_asking_the_company_stops_the_departments_clock_and_not_the_promise(stage: Stage) -> None:
    case = request_across_departments(stage)
    asked = Supplement.objects.get(case=case)
    assert asked.answer
    assert asked.documents.count() == 1
    pause = Pause.objects.get(case=case)
    assert (pause.task_id, pause.stops_promise) == (asked.task_id, False)
    assert pause.ends_on is not None
