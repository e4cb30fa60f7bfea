from __future__ import annotations

import pytest

from qitong.casework import paths, projects
from qitong.casework.logic import pathway
from qitong.casework.logic.clock import day_of
from qitong.casework.models import Project
from qitong.catalogue.logic.path import PathItem, StepState, milestone, plan
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused

LIN, GREEN = "13800000001", "91310151MA1JK0001T"

ITEMS = (PathItem("permit", days=7, applies_when=None), PathItem("acceptance", days=5, requires=("BUILT",)))
POINTS = (
    milestone("BUILD", ["permit"]),
    milestone("BUILT", ["BUILD"]),
    milestone("PRODUCE", ["acceptance"]),
)


def done(in_hand: set[str], said: set[str]) -> frozenset[str]:
    return pathway.reached(ITEMS, POINTS, {}, goal="PRODUCE", in_hand=in_hand, said=said, started={})


def test_a_milestone_after_items_is_reached_with_them() -> None:
    assert done(set(), set()) == set()
    assert done({"permit"}, set()) == {"permit", "BUILD"}


def test_a_milestone_after_a_milestone_needs_the_companys_word() -> None:
    assert "BUILT" not in done({"permit"}, set())
    assert done({"permit", "acceptance"}, {"BUILT"}) == {"permit", "acceptance", "BUILD", "BUILT", "PRODUCE"}


def test_a_milestone_of_which_nothing_is_left_drops_out() -> None:
    absent = PathItem("permit", days=7, applies_when=pathway.NEVER)
    kept = pathway.meaningful((absent, ITEMS[1]), POINTS, {}, goal="PRODUCE")
    path = plan((absent, ITEMS[1]), kept, {}, goal="PRODUCE")
    assert set(path.steps) == {"acceptance", "PRODUCE"}
    assert path.steps["acceptance"].state is StepState.CAN_START_NOW


def test_the_goal_itself_never_drops_out() -> None:
    absent = PathItem("permit", days=7, applies_when=pathway.NEVER)
    kept = pathway.meaningful((absent,), (milestone("BUILD", ["permit"]),), {}, goal="BUILD")
    assert "BUILD" in plan((absent,), kept, {}, goal="BUILD").steps


@pytest.fixture
def project(stage: Stage) -> Project:
    return projects.create(
        enterprise_id=stage.cast.company(GREEN).pk,
        name="二期厂房",
        goal="M_START_PRODUCE",
        facts={"has_construction_project": False, "discharges_to_sewer": True, "discharge_category": "none"},
        by=stage.who(LIN),
        at=stage.tick(),
    )


def state(stage: Stage, project: Project, code: str) -> StepState:
    return paths.path_of(project, today=day_of(stage.at)).plan.steps[code].state


def test_a_case_under_way_runs_and_a_delivered_one_is_done(stage: Stage, project: Project) -> None:
    assert state(stage, project, "business_licence") is StepState.CAN_START_NOW
    case = projects.open_case(
        project_id=project.pk, item_code="business_licence", by=stage.who(LIN), at=stage.tick()
    )
    assert state(stage, project, "business_licence") is StepState.CAN_START_NOW
    stage.fill(case, LIN)
    stage.submit(case, LIN)
    assert state(stage, project, "business_licence") is StepState.RUNNING
    _through(stage, case.pk)
    assert state(stage, project, "business_licence") is StepState.DONE


def test_a_licence_obtained_before_the_project_counts(stage: Stage, project: Project) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    assert state(stage, project, "business_licence") is StepState.CAN_START_NOW
    _through(stage, case.pk)
    assert state(stage, project, "business_licence") is StepState.DONE


def _through(stage: Stage, pk: int) -> None:
    from qitong.casework import deferral
    from qitong.casework.models import Case

    case = Case.objects.get(pk=pk)
    stage.accept(case)
    for row in case.materials.all():
        deferral.verify(
            case_id=pk, key=row.key, correct=True, remark="", by=stage.owner(case), at=stage.tick(1)
        )
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)


def test_a_milestone_is_said_to_be_reached_in_its_time_and_once(stage: Stage) -> None:
    project = projects.create(
        enterprise_id=stage.cast.company(GREEN).pk,
        name="二期厂房",
        goal="M_START_PRODUCE",
        facts={"has_construction_project": True},
        by=stage.who(LIN),
        at=stage.tick(),
    )
    with pytest.raises(Refused) as early:
        projects.reach_milestone(project_id=project.pk, code="M_BUILT", by=stage.who(LIN), at=stage.tick())
    assert early.value.code == "too_early"
    with pytest.raises(Refused) as unknown:
        projects.reach_milestone(project_id=project.pk, code="nowhere", by=stage.who(LIN), at=stage.tick())
    assert unknown.value.code == "not_found"
    Project.objects.filter(pk=project.pk).update(facts={**project.facts, "reached": ["M_START_BUILD"]})
    for _ in range(2):
        project = projects.reach_milestone(
            project_id=project.pk, code="M_BUILT", by=stage.who(LIN), at=stage.tick()
        )
    assert project.facts["reached"] == ["M_START_BUILD", "M_BUILT"]
    assert paths.answers_of(project) == {"has_construction_project": True}


def test_an_item_that_was_refused_can_be_opened_anew(stage: Stage, project: Project) -> None:
    def open_it() -> int:
        return projects.open_case(
            project_id=project.pk, item_code="business_licence", by=stage.who(LIN), at=stage.tick()
        ).pk

    first = open_it()
    assert open_it() == first
    type(project.cases.get()).objects.filter(pk=first).update(state="withdrawn")
    assert open_it() != first


def test_a_plan_that_reaches_into_an_unannounced_year_says_so(stage: Stage, project: Project) -> None:
    assert not paths.path_of(project, today=day_of(stage.at)).provisional
    assert paths.path_of(project, today=day_of(stage.at).replace(month=12, day=28)).provisional
