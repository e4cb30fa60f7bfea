from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qitong.casework import delivery
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, Desk, done, refused


@pytest.fixture
def head(stage: Stage) -> Desk:
    return Desk(stage, "fgw.head")


def test_the_head_of_the_lead_decides(head: Desk, reviewed: Case) -> None:
    done(head.do(reviewed, "approve", grounds=""), reviewed)
    reviewed.refresh_from_db()
    assert reviewed.state == "approved"


def test_a_reviewer_reads_who_decides_and_cannot(stage: Stage, reviewed: Case) -> None:
    reviewer = Desk(stage, "fgw.reviewer")
    assert "“准予”由有权决定的人办理" in reviewer.page(reviewed)
    refused(reviewer.do(reviewed, "approve", grounds=""), "“准予”由有权决定的人办理")
    reviewed.refresh_from_db()
    assert reviewed.state == "awaiting_decision"


def test_a_refusal_needs_grounds(head: Desk, reviewed: Case) -> None:
    refused(head.do(reviewed, "refuse", grounds=" "), "请填写“不予办理的理由和依据”")
    done(head.do(reviewed, "refuse", grounds="不符合节能标准"), reviewed)
    assert "不符合节能标准" in head.page(reviewed)


def test_over_an_objection_only_a_leader_may_approve(stage: Stage, head: Desk, accepted: Case) -> None:
    stage.review(accepted, "energy_check", TaskOutcome.OBJECT, "能耗超标")
    stage.review_all(accepted)
    assert "须由分管领导写明理由后决定" in head.page(accepted)
    refused(head.do(accepted, "approve", grounds="同意"), "须由分管领导写明理由后决定")
    leader = Desk(stage, "zhou.jun")
    refused(leader.do(accepted, "approve", grounds=""), "请填写“不采纳部门意见的理由”")
    done(leader.do(accepted, "approve", grounds="已采取补偿措施"), accepted)
    assert "不采纳部门意见" in leader.page(accepted)


def test_departments_are_asked_to_look_again(head: Desk, reviewed: Case) -> None:
    refused(head.do(reviewed, "send-back", reason="数据有误"), "请填写“重新审查的步骤”")
    done(head.do(reviewed, "send-back", keys=["industry_check"], reason="数据有误"), reviewed)
    page = head.page(reviewed)
    assert "第1轮" in page
    reviewed.refresh_from_db()
    assert reviewed.round == 2


def test_the_limit_is_extended_with_reasons(head: Desk, accepted: Case) -> None:
    refused(head.do(accepted, "extend", days="11", reason="复杂"), "10")
    done(head.do(accepted, "extend", days="5", reason="需现场核查"), accepted)
    assert "含延期5个工作日" in head.page(accepted)


def test_the_owner_delivers_a_file_or_lets_one_be_made(
    stage: Stage, owner: Desk, head: Desk, reviewed: Case
) -> None:
    done(head.do(reviewed, "approve", grounds=""), reviewed)
    wrong = SimpleUploadedFile("result.exe", b"MZ....")
    refused(owner.do(reviewed, "deliver", file=wrong), 'href="#deliver-file"')
    right = SimpleUploadedFile("批复.pdf", stage.paper("批复").read())
    done(owner.do(reviewed, "deliver", file=right), reviewed)
    certificate = reviewed.certificates.get()
    assert certificate.document.name == "批复.pdf"
    assert certificate.number in owner.page(reviewed)


def test_a_reopened_case_is_marked(stage: Stage, owner: Desk, head: Desk, reviewed: Case) -> None:
    done(head.do(reviewed, "approve", grounds=""), reviewed)
    done(owner.do(reviewed, "deliver"), reviewed)
    delivery.reopen(case_id=reviewed.pk, reason="名称有误", by=stage.who(CLERK), at=stage.tick())
    assert "重新办理" in owner.page(reviewed)
    assert "重新办理" in owner.get("/desk").content.decode()


def test_the_owner_cannot_cut_the_review_of_an_application_short(owner: Desk, accepted: Case) -> None:
    assert owner.do(accepted, "complete").status_code == 404
