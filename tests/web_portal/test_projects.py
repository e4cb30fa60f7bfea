from __future__ import annotations

import pytest
from django.test import Client

from qitong.casework import projects
from qitong.casework.models import Case, Project
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN


@pytest.fixture
def project(lin: Client, stage: Stage) -> Project:
    company = stage.cast.company(GREEN).pk
    typed = {"name": "二期厂房", "goal": "M_START_PRODUCE", "enterprise": company, "client_key": "p"}
    first = lin.post("/my/projects/new", typed)
    assert first["Location"] == lin.post("/my/projects/new", typed)["Location"]
    return Project.objects.get()


def answer(client: Client, project: Project, **given: str) -> str:
    typed = {f"fact.{name}": value for name, value in given.items()}
    return client.post(f"/my/projects/{project.pk}/facts", typed)["Location"]


def test_the_plan_says_what_can_start_and_when_the_goal_is_reached(lin: Client, project: Project) -> None:
    page = lin.get(f"/my/projects/{project.pk}").content.decode()
    assert "现在可以开始" in page
    assert "企业设立登记" in page
    assert "最快" in page
    assert "还有几个情况不清楚" in page
    assert "是否有新建、改建、扩建的建设项目？" in page


def test_questions_follow_answers_and_answers_keep_their_type(lin: Client, project: Project) -> None:
    where = f"/my/projects/{project.pk}/facts"
    assert "建筑面积是多少" not in lin.get(where).content.decode()
    assert answer(lin, project, has_construction_project="true") == where
    assert "建筑面积是多少" in lin.get(where).content.decode()
    given = {"has_construction_project": "true", "floor_area_m2": "1200.5", "eia_category": "report_form"}
    assert answer(lin, project, **given) == f"/my/projects/{project.pk}"
    project.refresh_from_db()
    assert project.facts["has_construction_project"] is True
    assert project.facts["floor_area_m2"] == 1200.5
    assert project.facts["eia_category"] == "report_form"
    assert project.facts.get("needs_new_land") is None


def test_an_answer_can_be_taken_back(lin: Client, project: Project) -> None:
    answer(lin, project, food_business="true")
    answer(lin, project, food_business="")
    project.refresh_from_db()
    assert project.facts["food_business"] is None


def test_an_item_of_the_plan_opens_its_case_once(lin: Client, project: Project) -> None:
    where = f"/my/projects/{project.pk}/items/business_licence"
    first = lin.post(where)["Location"]
    assert lin.post(where)["Location"] == first
    assert Case.objects.get().project_id == project.pk
    assert lin.get(where).status_code == 405


def test_a_milestone_before_its_time_is_refused_with_what_comes_first(lin: Client, project: Project) -> None:
    answer(lin, project, has_construction_project="true")
    lin.post(f"/my/projects/{project.pk}/reached/M_BUILT")
    assert "还要先完成：开工" in lin.get(f"/my/projects/{project.pk}").content.decode()


def test_without_a_construction_project_the_works_are_not_spoken_of(lin: Client, project: Project) -> None:
    answer(lin, project, has_construction_project="false", discharges_to_sewer="true")
    page = lin.get(f"/my/projects/{project.pk}").content.decode()
    assert "建成" not in page
    assert "按您的情况不用办" in page


def test_projects_are_listed_with_their_goal(lin: Client, project: Project) -> None:
    page = lin.get("/my/projects").content.decode()
    assert "二期厂房" in page
    assert "投产" in page
    assert "二期厂房" in lin.get("/my").content.decode()


def test_a_project_without_a_name_is_said_at_the_field(lin: Client, stage: Stage) -> None:
    company = stage.cast.company(GREEN).pk
    typed = {"name": "", "goal": "M_BUILT", "enterprise": company, "client_key": "p"}
    answer = lin.post("/my/projects/new", typed)
    assert answer.status_code == 422
    assert '<a href="#id_name">请填写项目名称。</a>' in answer.content.decode()


def test_many_projects_are_paged(lin: Client, stage: Stage) -> None:
    company = stage.cast.company(GREEN).pk
    for n in range(27):
        projects.create(
            enterprise_id=company,
            name=f"第{n}期。",
            goal="M_START_PRODUCE",
            facts={},
            by=stage.who(LIN),
            at=stage.tick(),
        )
    first = lin.get("/my/projects")
    assert "第26期。" in first.content.decode()
    assert "第1期。" not in first.content.decode()
    assert "第1期。" in lin.get(f"/my/projects{first.context['page'].next}").content.decode()
