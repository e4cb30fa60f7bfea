from __future__ import annotations

from qitong.casework import supplements, tasks
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.kernel.workdays import PauseReason
from tests.web_workbench.conftest import Desk


def test_the_steps_stand_on_the_calendar_and_in_a_table(owner: Desk, accepted: Case) -> None:
    page = owner.page(accepted)
    assert 'class="gantt" role="img" aria-label="进度图，共' in page
    assert "关键路径：" in page
    assert "gantt-row--critical" in page
    assert "用表格看进度" in page
    assert "照此进度，" in page
    for word in ("今天", "承诺"):
        assert word in page


def test_a_pause_is_hatched_and_named_with_its_reason(stage: Stage, accepted: Case) -> None:
    task, reviewer = stage.task(accepted, "energy_check"), stage.who("fgw.reviewer")
    tasks.claim(task_id=task.pk, by=reviewer, at=stage.tick())
    supplements.pause(
        task_id=task.pk, reason=PauseReason.EXPERT_REVIEW, note="评审会", by=reviewer, at=stage.tick()
    )
    stage.days(2)
    page = Desk(stage, "wang.fang").page(accepted)
    assert 'fill="url(#gantt-hatch)"' in page
    assert "专家评审" in page


def test_what_is_late_says_so_in_words(stage: Stage, accepted: Case) -> None:
    stage.days(30)
    page = Desk(stage, "wang.fang").page(accepted)
    assert "gantt-bar--late" in page
    assert "■ 超期" in page


def test_when_all_is_done_the_chart_says_when(stage: Stage, owner: Desk, reviewed: Case) -> None:
    stage.decide(reviewed, "fgw.head")
    assert "已于" in owner.page(reviewed)


def test_a_request_without_tasks_has_no_chart(stage: Stage) -> None:
    case = stage.submit(
        stage.request("91310151MA1JK0001T", "13800000001", "门口道路积水", "下雨就积水"), "13800000001"
    )
    assert 'class="gantt"' not in Desk(stage, "wang.fang").page(case)
