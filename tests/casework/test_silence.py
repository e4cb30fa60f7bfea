"""A silent department: reminded, pressed by the owner, and no longer waited for by the leader."""

from __future__ import annotations

import pytest

from qitong.accounts import officers
from qitong.casework import tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.demo.cast import DIRECTOR
from qitong.demo.stage import Stage
from tests.casework.said import accepted, again, doing, refused


def test_pressing_is_done_once_a_working_day_by_the_owner_or_the_leader(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    task = stage.task(case, "industry_check")
    with refused("not_allowed"):
        tasks.remind(task_id=task.pk, note="", **doing(stage, "fgw.reviewer"))
    tasks.remind(task_id=task.pk, note="请抓紧", **doing(stage, "wang.fang"))
    with refused("already_reminded"):
        tasks.remind(task_id=task.pk, note="请抓紧", **doing(stage, "zhou.jun"))
    stage.days(1)
    tasks.remind(task_id=task.pk, note="请抓紧", **doing(stage, "zhou.jun"))


def test_the_leader_decides_not_to_wait_and_the_case_goes_on(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    stage.review(case, "energy_check")
    task = stage.task(case, "industry_check")
    with refused("missing"):
        tasks.waive(task_id=task.pk, grounds="", **doing(stage, "zhou.jun"))
    for login in ("wang.fang", "jw.head", "fgw.head"):
        with refused("not_allowed"):
            tasks.waive(task_id=task.pk, grounds="不再等待", **doing(stage, login))
    tasks.waive(task_id=task.pk, grounds="已两次催办", **doing(stage, "zhou.jun"))
    assert stage.task(case, "industry_check").state == "dropped"
    assert again(case).state == "awaiting_decision"


@pytest.mark.parametrize("item", ["eia_approval", "joint_acceptance", "food_business_licence"])
def test_where_safety_or_environment_is_at_stake_everybody_is_waited_for(stage: Stage, item: str) -> None:
    case = accepted(stage, item)
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).first()
    assert task is not None
    with refused("red_line"):
        tasks.waive(task_id=task.pk, grounds="不再等待", **doing(stage, "zhou.jun"))


def test_what_a_leaver_had_claimed_belongs_to_the_department_again(stage: Stage) -> None:
    case = accepted(stage, "rd_super_deduction")
    task = stage.task(case, "kw_review")
    tasks.claim(task_id=task.pk, **doing(stage, "kw.head"))
    with refused("not_allowed"):
        tasks.release(task_id=task.pk, **doing(stage, "kw.reviewer"))
    officers.close_user(user=stage.cast.user("kw.head"), by=DIRECTOR, at=stage.tick())
    tasks.release(task_id=task.pk, **doing(stage, "kw.reviewer"))
    assert stage.review(case, "kw_review", TaskOutcome.CONCUR).state == "done"
