"""Who may look, who reads why not, and where each starts."""

from __future__ import annotations

import pytest
from django.test import Client

from qitong.demo.stage import Stage
from tests.web_dashboard.conftest import Reader

PAGES = ["/dashboard", "/dashboard/departments", "/dashboard/items", "/dashboard/months", "/dashboard/cases"]


@pytest.mark.parametrize("path", PAGES)
def test_an_officer_without_the_role_reads_why_not(empty: Stage, path: str) -> None:
    answer = Reader(empty, "chen.jing").answer(path)
    assert answer.status_code == 403
    assert "看板供分管领导、部门负责人和审计管理员查看" in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_company_and_a_visitor_are_shown_to_their_doors(empty: Stage, path: str) -> None:
    assert Reader(empty, "13800000001").answer(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_leader_starts_at_the_dashboard_with_the_workbench_one_click_away(empty: Stage) -> None:
    answer = Client().post("/login", {"login": "zhou.jun@qitong.example", "password": "Correct-horse-7"})
    assert answer["Location"] == "/dashboard"
    assert 'href="/desk"' in Reader(empty, "zhou.jun").page("/dashboard")


@pytest.mark.parametrize(("login", "has"), [("fgw.head", True), ("wu.hong", True), ("chen.jing", False)])
def test_only_who_may_look_has_the_way_and_others_start_at_the_desk(
    empty: Stage, login: str, has: bool
) -> None:
    answer = Client().post("/login", {"login": f"{login}@qitong.example", "password": "Correct-horse-7"})
    assert answer["Location"] == "/desk"
    assert ('href="/dashboard"' in Reader(empty, login).page("/desk")) is has


@pytest.mark.parametrize("path", PAGES)
def test_a_new_park_is_told_what_will_be_here(empty: Stage, path: str) -> None:
    page = Reader(empty, "zhou.jun").page(path)
    assert 'class="empty"' in page
    assert "0%" not in page
