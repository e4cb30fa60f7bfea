"""A project's cases: each item once, anew only after the first came to nothing."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.casework import intake, projects
from qitong.casework.models import Project
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, TIDE_CLERK
from tests.casework.said import doing, refused


@pytest.fixture
def project(stage: Stage) -> Project:
    return projects.create(
        enterprise_id=stage.cast.company(GREEN).pk,
        name="绿源二期",
        goal="M_START_PRODUCE",
        facts={"has_construction_project": True, "eia_category": "report_form"},
        **doing(stage, GREEN_CLERK),
    )


def test_answers_go_into_the_case_and_change_what_is_promised(stage: Stage, project: Project) -> None:
    case = projects.open_case(project_id=project.pk, item_code="eia_approval", **doing(stage, GREEN_CLERK))
    assert case.form["facts"]["eia_category"] == "report_form"
    stage.fill(case, GREEN_CLERK)
    assert stage.submit(case, GREEN_CLERK).promise_days == 15


def test_an_item_is_opened_once_and_anew_after_it_came_to_nothing(stage: Stage, project: Project) -> None:
    facts: dict[str, Any] = {"project_id": project.pk, "item_code": "business_licence"}
    first = projects.open_case(**facts, **doing(stage, GREEN_CLERK))
    assert projects.open_case(**facts, **doing(stage, GREEN_CLERK)) == first
    stage.fill(first, GREEN_CLERK)
    stage.submit(first, GREEN_CLERK)
    intake.withdraw(case_id=first.pk, reason="", **doing(stage, GREEN_CLERK))
    assert projects.open_case(**facts, **doing(stage, GREEN_CLERK)) != first


def test_answers_are_added_to_those_known(stage: Stage, project: Project) -> None:
    changed = projects.answer(
        project_id=project.pk, facts={"eia_category": "exempt"}, **doing(stage, GREEN_CLERK)
    )
    assert changed.facts == {"has_construction_project": True, "eia_category": "exempt"}


def test_another_companys_project_is_not_touched(stage: Stage, project: Project) -> None:
    with refused("not_allowed"):
        projects.answer(project_id=project.pk, facts={}, **doing(stage, TIDE_CLERK))
    with refused("not_allowed"):
        projects.open_case(project_id=project.pk, item_code="business_licence", **doing(stage, TIDE_CLERK))
