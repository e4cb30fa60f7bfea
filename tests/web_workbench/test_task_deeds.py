from __future__ import annotations

import pytest

from qitong.accounts.models import Department
from qitong.casework.models import Case, Task
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, Desk, done, refused


@pytest.fixture
def task(stage: Stage, accepted: Case) -> Task:
    return stage.task(accepted, "energy_check")


@pytest.fixture
def reviewer(stage: Stage) -> Desk:
    return Desk(stage, "fgw.reviewer")


@pytest.fixture
def claimed(reviewer: Desk, accepted: Case, task: Task) -> Task:
    done(reviewer.do(accepted, "claim", task), accepted)
    return task


def test_a_task_is_claimed_from_the_board(reviewer: Desk, accepted: Case, task: Task) -> None:
    board = reviewer.get("/desk/tasks").content.decode()
    address = f"/desk/cases/{accepted.number}/tasks/{task.pk}/claim"
    assert f'action="{address}"' in board
    answer = reviewer.client.post(address, {"next": "/desk/tasks"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/tasks")
    task.refresh_from_db()
    assert task.assignee is not None
    assert task.assignee.login == "fgw.reviewer@qitong.example"


def test_the_way_back_stays_on_this_site(reviewer: Desk, accepted: Case, task: Task) -> None:
    done(reviewer.do(accepted, "claim", task, next="https://elsewhere.example/"), accepted)


def test_another_department_cannot_claim(stage: Stage, accepted: Case, task: Task) -> None:
    other = Desk(stage, "jw.reviewer")
    assert "“领取”由承办部门或系统办理" in other.page(accepted)
    refused(other.do(accepted, "claim", task), "“领取”由承办部门或系统办理")


def test_a_colleague_reads_who_holds_the_task(stage: Stage, accepted: Case, claimed: Task) -> None:
    refused(Desk(stage, "fgw.head").do(accepted, "claim", claimed), "现在是“办理中”")


def test_a_task_is_put_back(reviewer: Desk, accepted: Case, claimed: Task) -> None:
    done(reviewer.do(accepted, "release", claimed), accepted)
    claimed.refresh_from_db()
    assert claimed.assignee is None


def test_an_objection_needs_its_reasons(reviewer: Desk, accepted: Case, claimed: Task) -> None:
    refused(
        reviewer.do(accepted, "finish", claimed, outcome="object", opinion=""), "请填写不同意的理由和依据"
    )
    done(reviewer.do(accepted, "finish", claimed, outcome="object", opinion="超出能耗指标"), accepted)
    assert "超出能耗指标" in reviewer.page(accepted)


def test_concurring_needs_no_words(reviewer: Desk, accepted: Case, claimed: Task) -> None:
    refused(reviewer.do(accepted, "finish", claimed, opinion=""), "请填写“意见”")
    done(reviewer.do(accepted, "finish", claimed, outcome="concur", opinion=""), accepted)


def test_a_task_is_returned_with_reasons_and_routed_anew(
    stage: Stage, owner: Desk, reviewer: Desk, accepted: Case, task: Task
) -> None:
    refused(reviewer.do(accepted, "return", task, reason=""), "请填写“退单理由”")
    done(reviewer.do(accepted, "return", task, reason="不属于本部门职责"), accepted)
    page = owner.page(accepted)
    assert "不属于本部门职责" in page
    refused(owner.do(accepted, "reroute", task, to="", note=""), "请填写“改派给”")
    elsewhere = Department.objects.get(code="jw")
    done(owner.do(accepted, "reroute", task, to=elsewhere.pk, note=""), accepted)
    task.refresh_from_db()
    assert task.department == elsewhere


def test_the_company_is_asked_once(reviewer: Desk, accepted: Case, claimed: Task) -> None:
    refused(reviewer.do(accepted, "ask", claimed, question=""), "请填写“需要企业补充什么”")
    done(reviewer.do(accepted, "ask", claimed, question="请补充设备能耗清单"), accepted)
    assert "请补充设备能耗清单" in reviewer.page(accepted)
    refused(reviewer.do(accepted, "ask", claimed, question="还有"), "不能再次要求")


def test_the_clock_stops_for_a_legal_reason_only(reviewer: Desk, accepted: Case, claimed: Task) -> None:
    assert reviewer.do(accepted, "pause", claimed, reason="hearing").status_code == 422
    done(reviewer.do(accepted, "pause", claimed, reason="expert_review", note="三月十日评审"), accepted)
    page = reviewer.page(accepted)
    assert "暂停计时" in page
    assert "恢复计时" in page
    done(reviewer.do(accepted, "resume", claimed), accepted)
    assert not accepted.pauses.filter(ends_on=None).exists()


def test_a_department_is_pressed_once_a_day(owner: Desk, accepted: Case, task: Task) -> None:
    done(owner.do(accepted, "remind", task, note="请尽快"), accepted)
    refused(owner.do(accepted, "remind", task, note="请尽快"), "今天已经催办过")


def test_a_leader_waives_a_silent_department_with_grounds(stage: Stage, accepted: Case, task: Task) -> None:
    leader = Desk(stage, "zhou.jun")
    refused(leader.do(accepted, "waive", task, grounds=""), "请填写“不再等待的理由”")
    done(leader.do(accepted, "waive", task, grounds="已电话确认无异议"), accepted)


def test_nobody_is_waived_where_a_red_line_is(stage: Stage) -> None:
    case = stage.accept(stage.submit(stage.apply(GREEN, "drainage_permit", CLERK), CLERK))
    leader, task = Desk(stage, "zhou.jun"), stage.task(case, "document_review")
    assert "各部门意见必须到齐" in leader.page(case)
    refused(leader.do(case, "waive", task, grounds="赶时间"), "各部门意见必须到齐")


def test_an_officer_cannot_waive(owner: Desk, accepted: Case, task: Task) -> None:
    refused(owner.do(accepted, "waive", task, grounds="赶时间"), "由分管领导办理")


def test_a_task_of_another_case_is_not_found(stage: Stage, owner: Desk, accepted: Case) -> None:
    other = stage.accept(stage.submit(stage.apply(GREEN, "tax_registration", CLERK), CLERK))
    foreign = other.tasks.latest("pk")
    assert owner.do(accepted, "remind", foreign, note="").status_code == 404
