"""A factory: permits side by side, an objection, a silence, a paper that comes and one that does not."""

from __future__ import annotations

import pytest

from qitong.accounts.models import EnterpriseMark
from qitong.casework.models import Case, Commitment, Pause, Project, Reminder, Task
from qitong.demo.factory import factory
from qitong.demo.stage import Stage
from qitong.kernel.workdays import PauseReason


@pytest.fixture
def project(stage: Stage) -> Project:
    return factory(stage)


def case_of(project: Project, item: str, *, state: str = "closed") -> Case:
    return project.cases.get(item_version__code=item, state=state)


def test_what_one_office_issued_is_never_asked_for_again(project: Project) -> None:
    licence = case_of(project, "business_licence").certificates.get().document
    filing = case_of(project, "investment_project_filing")
    assert filing.materials.get(key="licence").document == licence
    permit = case_of(project, "construction_permit", state="in_review").materials.get(key="planning_permit")
    planning = case_of(project, "construction_planning_permit")
    assert permit.document == planning.certificates.get().document


def test_the_permits_run_side_by_side(project: Project) -> None:
    together = ("construction_planning_permit", "energy_review", "eia_approval")
    assert len({case_of(project, item).received_on for item in together}) == 1
    energy = case_of(project, "energy_review")
    reviews = energy.tasks.filter(kind="review")
    assert {t.department.code for t in reviews} == {"fgw", "jw"}
    assert len({t.enabled_at for t in reviews}) == 1


def test_the_leader_decides_over_an_objection_and_says_why(project: Project) -> None:
    energy = case_of(project, "energy_review")
    assert energy.tasks.get(outcome="object").department.code == "jw"
    decision = energy.decisions.get()
    assert decision.over_objection
    assert decision.decided_by.name == "周军"
    assert "空压机" in decision.grounds


def test_a_silent_department_is_reminded_pressed_and_at_last_not_waited_for(project: Project) -> None:
    planning = case_of(project, "construction_planning_permit")
    silent = planning.tasks.get(key="site_review")
    kinds = list(Reminder.objects.filter(task=silent).order_by("pk").values_list("kind", flat=True))
    assert kinds[0] == "department_silent"
    assert "pressed" in kinds
    assert kinds[-1] == "task_overdue"
    assert silent.state == "dropped"
    assert "催办" in silent.drop_reason
    assert planning.tasks.get(key="notice").state == "done"


def test_public_notice_moves_the_promise_by_its_days(project: Project) -> None:
    planning = case_of(project, "construction_planning_permit")
    pause = Pause.objects.get(case=planning, reason=PauseReason.PUBLIC_NOTICE)
    assert pause.stops_promise
    assert pause.ends_on is not None
    assert planning.promise_due_on is not None
    assert planning.statutory_due_on is not None
    assert planning.statutory_due_on >= planning.promise_due_on > pause.ends_on


def test_a_promised_paper_that_came_ends_the_commitment(project: Project) -> None:
    cured = Commitment.objects.get(case=case_of(project, "construction_planning_permit"))
    assert cured.state == "fulfilled"


def test_a_promised_paper_that_did_not_come_ends_the_case_and_is_noted(project: Project) -> None:
    ended = case_of(project, "construction_permit", state="ended")
    assert Commitment.objects.get(case=ended).state == "missed"
    assert not Task.objects.filter(case=ended, state__in=["waiting", "enabled", "claimed"]).exists()
    mark = EnterpriseMark.objects.get(enterprise=project.enterprise)
    assert (mark.kind, mark.subject) == ("missed_commitment", ended.number)


def test_the_company_may_not_defer_again_and_brings_everything(project: Project) -> None:
    second = case_of(project, "construction_permit", state="in_review")
    assert not second.commitments.exists()
    assert {m.state for m in second.materials.all()} == {"provided"}
