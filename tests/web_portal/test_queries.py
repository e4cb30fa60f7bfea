"""How much each page asks of the database: pinned, and the same for one case as for many."""

from __future__ import annotations

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from qitong.catalogue.calendar import current
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN


def test_home_asks_the_same_for_one_case_and_for_five(
    lin: Client, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    current()
    stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    for _ in range(2):
        # who: 3; unread messages: 1; cases with tasks and pauses: 3; supplements, commitments,
        # projects, calendar: 4
        with django_assert_num_queries(11):
            lin.get("/my")
        for _ in range(4):
            stage.submit(stage.apply(GREEN, "seal_filing", LIN), LIN)


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


def test_the_plan_of_a_project_asks_ten_times(
    lin: Client, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    company = stage.cast.company(GREEN).pk
    typed = {"name": "二期", "goal": "M_START_PRODUCE", "enterprise": company, "client_key": "p"}
    where = lin.post("/my/projects/new", typed)["Location"].removesuffix("/facts")
    with django_assert_num_queries(10):
        lin.get(where)
