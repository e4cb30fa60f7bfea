"""Departments work side by side; the decision waits for all of them."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from qitong.casework import tasks
from qitong.casework.logic.flow import TaskState
from qitong.casework.logic.join import SETTLED, Node, all_in, missing, ready
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.casework.said import accepted, again, doing, handed_in, kinds, refused


def states(case: Case) -> dict[str, str]:
    return dict(case.tasks.filter(round=again(case).round).values_list("key", "state"))


def test_what_need_not_wait_for_acceptance_starts_with_submission(stage: Stage) -> None:
    case = handed_in(stage, "export_tax_refund")
    assert states(case) == {"accept": "enabled", "hg_review": "enabled", "decide": "waiting"}


def test_all_whose_predecessors_are_done_start_at_once(stage: Stage) -> None:
    case = handed_in(stage, "joint_acceptance")
    assert set(states(case).values()) == {"enabled", "waiting"}
    stage.accept(case)
    reviews = case.tasks.filter(kind="review")
    assert {t.department.code for t in reviews} == {"zjw", "gzj", "sthj", "swj"}
    assert {t.state for t in reviews} == {"enabled"}
    assert len({t.enabled_at for t in reviews}) == 1
    assert {t.due_on for t in reviews} == {dt.date(2026, 3, 12)}


def test_the_next_step_waits_for_the_last_of_them(stage: Stage) -> None:
    case = accepted(stage, "joint_acceptance")
    for key in ("zjw_review", "gzj_review", "sthj_review"):
        stage.review(case, key)
        assert states(case)["site_check"] == "waiting"
    stage.review(case, "swj_review")
    assert states(case)["site_check"] == "enabled"
    assert again(case).state == "in_review"
    stage.review(case, "site_check")
    assert states(case)["decide"] == "enabled"
    assert again(case).state == "awaiting_decision"


def test_the_decision_never_starts_before_acceptance(stage: Stage) -> None:
    case = handed_in(stage, "seal_filing")
    assert states(case) == {"decide": "waiting"}
    stage.accept(case)
    assert states(case) == {"decide": "enabled"}


def test_the_moments_of_a_task_are_recorded(stage: Stage) -> None:
    case = accepted(stage, "export_tax_refund")
    begun = stage.at
    task = stage.review(case, "hg_review")
    assert task.enabled_at is not None
    assert task.claimed_at is not None
    assert task.done_at is not None
    assert task.enabled_at < begun < task.claimed_at < task.done_at
    assert task.assignee == stage.cast.user("hg.reviewer")
    assert kinds(case).count("task.finish") == 2


def test_a_task_is_claimed_by_one_of_its_department(stage: Stage) -> None:
    case = accepted(stage, "export_tax_refund")
    task = stage.task(case, "hg_review")
    with refused("not_allowed"):
        tasks.claim(task_id=task.pk, **doing(stage, "sw.reviewer"))
    first = tasks.claim(task_id=task.pk, **doing(stage, "hg.reviewer"))
    repeated = tasks.claim(task_id=task.pk, **doing(stage, "hg.reviewer"))
    assert repeated.claimed_at == first.claimed_at
    with refused("not_allowed"):
        tasks.claim(task_id=task.pk, **doing(stage, "hg.head"))


def test_a_head_steps_in_for_a_colleague(stage: Stage) -> None:
    case = accepted(stage, "export_tax_refund")
    task = stage.task(case, "hg_review")
    tasks.claim(task_id=task.pk, **doing(stage, "hg.reviewer"))
    done = tasks.finish(task_id=task.pk, outcome=TaskOutcome.CONCUR, opinion="", **doing(stage, "hg.head"))
    assert done.state == "done"


def test_a_task_put_back_is_watched_like_one_never_taken(stage: Stage) -> None:
    case = accepted(stage, "energy_review")
    task = stage.task(case, "industry_check")
    tasks.claim(task_id=task.pk, **doing(stage, "jw.reviewer"))
    back = tasks.release(task_id=task.pk, **doing(stage, "jw.reviewer"))
    assert (back.state, back.assignee) == ("enabled", None)
    stage.days(2, hour=9)
    silent = [f.task_id for f in stage.sweep() if f.verdict.kind == "department_silent"]
    assert task.pk in silent


def test_acceptance_and_decision_have_doors_of_their_own(stage: Stage) -> None:
    case = accepted(stage)
    decide = stage.task(case, "decide")
    outcome = {"outcome": TaskOutcome.CONCUR, "opinion": ""}
    with refused("own_door"):
        tasks.finish(task_id=decide.pk, **outcome, **doing(stage, "scjg.head"))  # type: ignore[arg-type]
    with refused("own_door"):
        tasks.return_task(task_id=decide.pk, reason="不归我", **doing(stage, "scjg.head"))
    with refused("own_door"):
        tasks.waive(task_id=decide.pk, grounds="不等", **doing(stage, "zhou.jun"))


keys = st.sampled_from("abcdef")
graphs = st.lists(
    st.builds(Node, key=keys, state=st.sampled_from(TaskState), after=st.frozensets(keys, max_size=3)),
    unique_by=lambda node: node.key,
)


@given(graphs)
def test_what_is_ready_waits_for_nothing_that_is_still_open(nodes: list[Node]) -> None:
    unsettled = {n.key for n in nodes if n.state not in SETTLED}
    for node in nodes:
        waits = node.state is TaskState.WAITING
        assert (node.key in ready(nodes)) == (waits and not node.after & unsettled)
    assert all_in(nodes) == (not missing(nodes))
