"""How much each page asks of the database: pinned, and the same for one case as for many."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from qitong.catalogue.calendar import current
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN
from tests.web_portal.test_applying import begin


def test_home_asks_the_same_for_one_of_each_and_for_five(
    lin: Client, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    current()
    for many in (1, 4):
        for number in range(many):
            stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
            stage.apply(GREEN, "seal_filing", LIN)
            project(lin, stage, key=f"{many}-{number}")
        # who: 3; unread messages: 1; calendar, catalogue: 2; what waits and the drafts: 1; cases with
        # tasks and pauses: 3; projects and their cases: 2
        lin.get("/my")
        with django_assert_num_queries(12):
            lin.get("/my")


def project(client: Client, stage: Stage, key: str = "p") -> str:
    company = stage.cast.company(GREEN).pk
    typed = {"name": "二期", "goal": "M_START_PRODUCE", "enterprise": company, "client_key": key}
    return client.post("/my/projects/new", typed)["Location"].removesuffix("/facts")


@pytest.mark.parametrize("item", ["business_licence", "eia_approval"])
def test_the_form_of_a_draft_asks_at_most_twelve_times(
    lin: Client, stage: Stage, django_assert_max_num_queries: DjangoAssertNumQueries, item: str
) -> None:
    draft = begin(lin, item)
    lin.get(f"/my/drafts/{draft.pk}/materials")
    for where in ("q/contact_name", "materials"):
        with django_assert_max_num_queries(12):
            assert lin.get(f"/my/drafts/{draft.pk}/{where}").status_code == 200


def test_a_list_of_cases_asks_eight_times(
    lin: Client, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    with django_assert_num_queries(8):
        lin.get("/my/cases")


def test_a_case_page_asks_a_fixed_number_of_times(
    lin: Client, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    large = stage.submit(stage.apply(GREEN, "construction_permit", LIN), LIN)
    for case in (small, large):
        with django_assert_num_queries(10):
            lin.get(f"/my/cases/{case.number}")


def test_the_plan_of_a_project_asks_eight_times(
    lin: Client, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    where = project(lin, stage)
    lin.get(where)
    with django_assert_num_queries(8):
        lin.get(where)
