from __future__ import annotations

from typing import Any

from qitong.accounts.models import Department
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, Desk, done, refused


def _dispatch(owner: Desk, case: Case, code: str = "swj", **more: Any) -> None:
    department = Department.objects.get(code=code)
    done(owner.do(case, "dispatch", department=department.pk, ask="请疏通路面排水", days=3, **more), case)


def test_words_that_hint_at_another_body_are_pointed_out(stage: Stage, owner: Desk) -> None:
    case = stage.submit(stage.request(GREEN, CLERK, "物业纠纷", "我们已经向法院起诉。"), CLERK)
    page = owner.page(case)
    assert "请先核对是否属于受理范围" in page
    assert "已由法院、仲裁机构" in page
    assert "checked" in page.split('value="before_court"')[1].split(">")[0]


def test_a_request_is_dispatched_to_departments(owner: Desk, asked: Case) -> None:
    _dispatch(owner, asked)
    _dispatch(owner, asked, "zjw", after=["task-1"])
    first, second = asked.tasks.order_by("pk")
    assert (first.state, second.state) == ("enabled", "waiting")
    assert "<svg" in owner.page(asked)


def test_a_dispatch_without_days_keeps_what_was_typed(owner: Desk, asked: Case) -> None:
    answer = owner.do(asked, "dispatch", department="", ask="请疏通路面排水", days="99")
    refused(answer, "请填写“部门”")
    assert "请疏通路面排水</textarea>" in answer.content.decode()


def test_the_owner_opens_an_application_for_the_company(owner: Desk, asked: Case) -> None:
    refused(owner.do(asked, "propose", item=""), "请填写“事项”")
    done(owner.do(asked, "propose", item="drainage_permit"), asked)
    child = asked.children.get()
    assert child.title in owner.page(asked)
    assert "由此开出的事项" in owner.page(asked)


def test_a_request_is_answered_after_its_tasks_are_done(stage: Stage, owner: Desk, asked: Case) -> None:
    _dispatch(owner, asked)
    refused(owner.do(asked, "complete"), "还有任务没有完成")
    task = asked.tasks.get()
    reviewer = Desk(stage, "swj.reviewer")
    done(reviewer.do(asked, "claim", task), asked)
    refused(reviewer.do(asked, "finish", task, outcome="finished", opinion=""), "请填写“办理结果”")
    done(reviewer.do(asked, "finish", task, outcome="finished", opinion="已疏通"), asked)
    done(owner.do(asked, "complete"), asked)
    refused(owner.do(asked, "answer", grounds=""), "请填写“给企业的答复”")
    done(owner.do(asked, "answer", grounds="积水已疏通，另增两处雨水口。"), asked)
    done(owner.do(asked, "deliver"), asked)
    asked.refresh_from_db()
    assert asked.state == "delivered"


def test_only_the_owner_dispatches(stage: Stage, asked: Case) -> None:
    refused(Desk(stage, "li.qiang").do(asked, "dispatch"), "由首问负责人办理")


def test_a_repeat_on_the_same_facts_is_pointed_out(stage: Stage, owner: Desk, asked: Case) -> None:
    again = stage.request(GREEN, CLERK, asked.title, asked.form["description"])
    page = owner.page(stage.submit(again, CLERK))
    assert "同一企业以同样的事实提出过" in page
    assert str(asked.number) in page
