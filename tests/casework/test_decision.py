"""One decision a round, by somebody with the power, with grounds where they are owed."""

from __future__ import annotations

import pytest

from qitong.casework import decision
from qitong.casework.logic.terms import Outcome, TaskOutcome
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK
from tests.casework.said import accepted, again, doing, refused


@pytest.fixture
def ready(stage: Stage) -> Case:
    case = accepted(stage, "energy_review")
    stage.review_all(case)
    return case


@pytest.fixture
def disputed(stage: Stage) -> Case:
    case = accepted(stage, "energy_review")
    stage.review(case, "energy_check")
    stage.review(case, "industry_check", TaskOutcome.OBJECT, "能效为三级")
    return case


def test_the_head_of_the_lead_department_or_the_leader_decides(stage: Stage, ready: Case) -> None:
    for login in ("wang.fang", "jw.head", "fgw.reviewer", "wu.hong", GREEN_CLERK):
        with refused("not_allowed"):
            stage.decide(ready, login)
    stage.decide(ready, "fgw.head")
    taken = ready.decisions.get()
    assert (taken.outcome, taken.decided_by.name, taken.over_objection) == ("approve", "发改委负责人", False)
    assert again(ready).state == "approved"


def test_it_is_decided_once(stage: Stage, ready: Case) -> None:
    stage.decide(ready, "fgw.head")
    with refused("not_allowed"):
        stage.decide(ready, "zhou.jun", Outcome.REFUSE, "改变主意")
    assert ready.decisions.count() == 1


def test_it_waits_until_everything_is_in(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    stage.review(case, "energy_check")
    with refused("not_allowed"):
        stage.decide(case, "fgw.head")


def test_a_refusal_has_grounds_and_ends_the_clock(stage: Stage, ready: Case) -> None:
    with refused("missing"):
        stage.decide(ready, "fgw.head", Outcome.REFUSE, " ")
    stage.decide(ready, "fgw.head", Outcome.REFUSE, "单位能耗高于限额（GB 21252）。")
    case = again(ready)
    assert (case.state, case.next_alarm_at) == ("refused", None)
    assert case.decisions.get().grounds == "单位能耗高于限额（GB 21252）。"


def test_an_objection_needs_reasons(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    with refused("missing"):
        stage.review(case, "industry_check", TaskOutcome.OBJECT, " ")


def test_over_an_objection_only_the_leader_approves_and_says_why(stage: Stage, disputed: Case) -> None:
    with refused("not_allowed") as caught:
        stage.decide(disputed, "fgw.head", grounds="同意")
    assert str(caught.value) == "有部门不同意，须由分管领导写明理由后决定。"
    with refused("missing"):
        stage.decide(disputed, "zhou.jun")
    stage.decide(disputed, "zhou.jun", grounds="企业承诺更换设备")
    assert disputed.decisions.get().over_objection


def test_with_an_objection_the_head_may_refuse(stage: Stage, disputed: Case) -> None:
    stage.decide(disputed, "fgw.head", Outcome.REFUSE, "经委意见成立")
    assert not disputed.decisions.get().over_objection


def test_sending_back_starts_a_round_and_the_promise_runs_on(stage: Stage, disputed: Case) -> None:
    promise = again(disputed).promise_due_on
    with refused("no_steps"):
        decision.send_back(case_id=disputed.pk, keys=["decide"], reason="再核", **doing(stage, "fgw.head"))
    decision.send_back(
        case_id=disputed.pk, keys=["industry_check"], reason="企业已换设备", **doing(stage, "fgw.head")
    )
    case = again(disputed)
    assert (case.state, case.round, case.promise_due_on) == ("in_review", 2, promise)
    assert set(case.tasks.filter(round=2).values_list("key", "state")) == {
        ("industry_check", "enabled"),
        ("decide", "waiting"),
    }
    stage.review(case, "industry_check", opinion="已整改")
    stage.decide(case, "fgw.head")
    assert again(case).state == "approved"


def test_an_extension_is_ten_days_at_most_and_told_with_its_reason(stage: Stage, ready: Case) -> None:
    for days in (0, 11):
        with refused("days"):
            decision.extend(case_id=ready.pk, days=days, reason="复杂", **doing(stage, "fgw.head"))
    with refused("missing"):
        decision.extend(case_id=ready.pk, days=5, reason="", **doing(stage, "fgw.head"))
    with refused("not_allowed"):
        decision.extend(case_id=ready.pk, days=5, reason="复杂", **doing(stage, "wang.fang"))
    case = decision.extend(case_id=ready.pk, days=6, reason="情况复杂", **doing(stage, "fgw.head"))
    assert case.promise_due_on == stage.working_day(24)
    assert case.promise_days == 18
    with refused("days"):
        decision.extend(case_id=ready.pk, days=5, reason="复杂", **doing(stage, "fgw.head"))
